import type { PulumiCloudAccess } from '../../adapters/neo/call';
import { createTask } from '../../adapters/neo/create';
import { neoOf } from '../../adapters/neo/neo';
import type { Neo } from '../../app/neo/ports';
import type { PlannedFault } from '../../cluster/local/simulators/http/faults';
import type { ScriptSettings } from '../../cluster/local/simulators/neo/script';
import { type Neo as NeoSimulator, type NeoOptions, startNeo } from '../../cluster/local/simulators/neo/start';
import type { SeenRequest } from '../../cluster/local/simulators/http/requests';
import type { TaskState } from '../../cluster/local/simulators/neo/state';
import { reference } from '../../core/remediation/prompt';
import type { TaskRequest } from '../../core/remediation/taskRequest';

// The simulator is on this machine, whatever proxy stands before the network.
process.env.NO_PROXY = '127.0.0.1';

export const NOW = new Date('2026-11-21T10:15:31.000Z');
export const REPOSITORY = { host: 'github.com', org: 'acme', name: 'infrastructure' };

/** No rest before a look: the simulator lists a task as soon as it is there. */
export const LOOKS_MS: readonly number[] = [0, 1];

export function requestFor(incident: string, change: Partial<TaskRequest> = {}): TaskRequest {
  return {
    content: `Find the cause.\n\n${reference(incident)}\n\n1. Look.`,
    repository: REPOSITORY,
    stack: { project: 'playground', name: 'production' },
    approvalMode: 'manual',
    permissionMode: 'read-only',
    planMode: false,
    integrations: [],
    ...change,
  };
}

export interface Simulated {
  neo: NeoSimulator;
  access: PulumiCloudAccess;
  /** The use cases' Neo, which is the simulator. */
  port: Neo;
  /** Requests for a new task, in order. */
  posts: () => SeenRequest[];
  task: (id: string) => TaskState;
  /** Forgets tasks, requests, faults and the script. */
  reset: () => Promise<void>;
  /** Makes a task that follows a script, without approvals unless it is asked for with them. */
  start: (script: ScriptSettings, change?: Partial<TaskRequest>) => Promise<string>;
  /** What a person says in a task, in the console. */
  say: (id: string, event: Record<string, unknown>) => Promise<void>;
  /** The next request of that kind meets this instead. */
  fault: (plan: Partial<PlannedFault>) => void;
  /** Waits until a task is so. */
  until: (id: string, isSo: (task: TaskState) => boolean) => Promise<TaskState>;
}

/** Neo's simulator, and the way to it. */
export async function simulateNeo(options: NeoOptions = {}): Promise<Simulated> {
  const neo = await startNeo({ stepMilliseconds: 1, ...options });
  const task = (id: string): TaskState => {
    const found = neo.state().find((one) => one.id === id);
    if (found === undefined) throw new Error(`there is no task ${id}`);
    return found;
  };
  const access = { url: neo.url, organization: 'acme', accessToken: 'simulated-pulumi-token' };
  return {
    neo,
    access,
    port: neoOf(access),
    start: async (script, change) => {
      neo.follow(script);
      const created = await createTask(access, requestFor('i-1', { approvalMode: 'auto', ...change }), NOW);
      if (created.result !== 'made') throw new Error(created.problem);
      return created.id;
    },
    say: async (id, event) => {
      const authorization = `token ${access.accessToken}`;
      await fetch(`${neo.url}/api/preview/agents/acme/tasks/${id}`, {
        method: 'POST',
        headers: { authorization, accept: 'application/vnd.pulumi+8', 'content-type': 'application/json' },
        body: JSON.stringify({ event: { timestamp: NOW.toISOString(), ...event } }),
      });
    },
    fault: (plan) => {
      neo.faults.plan({ times: 1, headers: {}, delayMilliseconds: 0, ...plan });
    },
    posts: () => neo.requests.all().filter(({ method, path }) => method === 'POST' && path.endsWith('/tasks')),
    task,
    reset: async () => {
      await fetch(`${neo.url}/_simulator/reset`, { method: 'POST', body: '{}' });
    },
    until: async (id, isSo) => {
      for (let attempt = 0; attempt < 1000; attempt += 1) {
        if (isSo(task(id))) return task(id);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      throw new Error(`it never came: ${JSON.stringify(task(id))}`);
    },
  };
}
