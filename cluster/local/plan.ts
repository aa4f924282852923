import { n8nComponent, serverComponents, type Component } from './components.js';
import { modelFrom, type Model } from './model.js';
import { n8nEnvironment } from './n8nEnvironment.js';
import { projectFolder } from './npmProject.js';
import { ensureSecrets, type Secrets } from './secrets.js';
import { modulesToBuild, serverPaths, serversOnPath, type ModuleName, type ServerName } from './servers.js';

/** What the stack consists of on this machine, known before anything is installed. */
export interface Plan {
  /** The Go modules that PATH leaves to be built. */
  modules: ModuleName[];
  servers: Record<ServerName, Component>;
  n8n: Component;
  n8nProject: string;
  secrets: Secrets;
  model: Model | undefined;
}

export async function makePlan(): Promise<Plan> {
  const [onPath, n8nProject, secrets] = await Promise.all([serversOnPath(), projectFolder('n8n'), ensureSecrets()]);
  return {
    modules: modulesToBuild(onPath),
    servers: serverComponents(await serverPaths(onPath)),
    n8n: n8nComponent(n8nProject, n8nEnvironment(secrets, process.env)),
    n8nProject,
    secrets,
    model: modelFrom(process.env),
  };
}
