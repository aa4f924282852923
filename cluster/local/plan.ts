import { gateComponent, n8nComponent, serverComponents } from './components.js';
import type { Component } from './process/component.js';
import { modelFrom, type Model } from './n8n/model.js';
import { n8nEnvironment } from './n8n/environment.js';
import { projectFolder } from './build/npmProject.js';
import type { Profile } from './profile.js';
import { METRICS_ENVIRONMENT, queueEnvironment } from './queue/environment.js';
import { GRACE_SECONDS, reservedAddresses, webhookAddresses } from './queue/processes.js';
import { type Queue, queueComponents, queueOf } from './queue/queue.js';
import { ensureSecrets, type Secrets } from './secrets.js';
import { EGRESS, simulatorsComponent } from './simulators/component.js';
import { serverPaths } from './build/obtain.js';
import { partsNeeded, serversOnPath, type Part, type ServerName } from './build/servers.js';

/** The components of the stack on this machine, known before anything is installed. */
export interface Plan {
  profile: Profile;
  /** The servers on PATH. */
  onPath: Partial<Record<ServerName, string>>;
  /** What PATH leaves to be downloaded or built. */
  parts: Part[];
  /** Whether it is built from source, not downloaded. */
  fromSource: boolean;
  servers: Record<ServerName, Component>;
  /** In queue mode its main process. */
  n8n: Component;
  /** The rest of n8n in queue mode. */
  queue: Queue | undefined;
  /** The gate in front of n8n. */
  gate: Component;
  n8nProject: string;
  /** PagerDuty and Neo, where a scenario wanted them. */
  simulators: Component | undefined;
  secrets: Secrets;
  model: Model | undefined;
}

export async function makePlan(profile: Profile, withSimulators: boolean, fromSource = false): Promise<Plan> {
  const [onPath, n8nProject, secrets] = await Promise.all([serversOnPath(), projectFolder('n8n'), ensureSecrets()]);
  return {
    profile,
    onPath,
    parts: partsNeeded(onPath),
    fromSource,
    servers: serverComponents(await serverPaths(onPath, fromSource)),
    ...(await n8nOf(profile, n8nProject, secrets, withSimulators)),
    n8nProject,
    simulators: withSimulators ? simulatorsComponent : undefined,
    secrets,
    model: modelFrom(process.env),
  };
}

/** The plan once servers were downloaded or built: their programs may be elsewhere than was expected. */
export async function withServers(plan: Plan): Promise<Plan> {
  return { ...plan, servers: serverComponents(await serverPaths(plan.onPath, plan.fromSource)) };
}

async function n8nOf(
  profile: Profile,
  project: string,
  secrets: Secrets,
  withSimulators: boolean,
): Promise<Pick<Plan, 'n8n' | 'queue' | 'gate'>> {
  const environment = n8nEnvironment(secrets, process.env, withSimulators ? EGRESS : undefined);
  if (profile.name === 'single')
    return { n8n: n8nComponent(project, environment), queue: undefined, gate: gateComponent() };
  const shared = { ...environment, ...queueEnvironment(secrets), ...METRICS_ENVIRONMENT };
  const size = { ...profile, pagerDuty: withSimulators };
  return {
    n8n: n8nComponent(project, shared, { graceSeconds: GRACE_SECONDS }),
    queue: await queueOf(size, project, shared, secrets),
    gate: gateComponent({ webhooks: webhookAddresses(size), reserved: reservedAddresses(size) }),
  };
}

/** Every process of the stack. */
export function componentsOf({ servers, n8n, queue, gate, simulators }: Plan): Component[] {
  return [
    ...Object.values(servers),
    ...(queue === undefined ? [] : queueComponents(queue)),
    n8n,
    gate,
    ...(simulators === undefined ? [] : [simulators]),
  ];
}

/** n8n's processes: one, or in queue mode its main process, webhook processors and workers. */
export const n8nProcesses = ({ n8n, queue }: Plan): Component[] => [
  n8n,
  ...(queue === undefined ? [] : [...queue.webhooks, ...queue.workers]),
];
