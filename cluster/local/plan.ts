import { gateComponent, n8nComponent, serverComponents } from './components.js';
import type { Component } from './process/component.js';
import { modelFrom, type Model } from './n8n/model.js';
import { n8nEnvironment } from './n8n/environment.js';
import { projectFolder } from './build/npmProject.js';
import { ensureSecrets, type Secrets } from './secrets.js';
import { EGRESS, simulatorsComponent } from './simulators/component.js';
import { modulesToBuild, serverPaths, serversOnPath, type ModuleName, type ServerName } from './build/servers.js';

/** The components of the stack on this machine, known before anything is installed. */
export interface Plan {
  /** The Go modules that PATH leaves to be built. */
  modules: ModuleName[];
  servers: Record<ServerName, Component>;
  n8n: Component;
  /** The gate in front of n8n. */
  gate: Component;
  n8nProject: string;
  /** PagerDuty and Neo, where a scenario wanted them. */
  simulators: Component | undefined;
  secrets: Secrets;
  model: Model | undefined;
}

export async function makePlan(withSimulators: boolean): Promise<Plan> {
  const [onPath, n8nProject, secrets] = await Promise.all([serversOnPath(), projectFolder('n8n'), ensureSecrets()]);
  return {
    modules: modulesToBuild(onPath),
    servers: serverComponents(await serverPaths(onPath)),
    n8n: n8nComponent(n8nProject, n8nEnvironment(secrets, process.env, withSimulators ? EGRESS : undefined)),
    gate: gateComponent,
    n8nProject,
    simulators: withSimulators ? simulatorsComponent : undefined,
    secrets,
    model: modelFrom(process.env),
  };
}

/** Every process of the stack. */
export function componentsOf({ servers, n8n, gate, simulators }: Plan): Component[] {
  return [...Object.values(servers), n8n, gate, ...(simulators === undefined ? [] : [simulators])];
}
