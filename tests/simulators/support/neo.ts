import type { ScriptSettings } from '../../../cluster/local/simulators/neo/script';
import { startNeo } from '../../../cluster/local/simulators/neo/start';
import { type Answered, call, type Call } from './call';

export const HEADERS = { accept: 'application/vnd.pulumi+8', authorization: 'token simulated-pulumi-token' };

export const STACK = { type: 'stack', name: 'production', project: 'playground' };
export const REPOSITORY = { type: 'repository', org: 'acme', name: 'infrastructure' };

export const message = (more: object = {}) => ({
  type: 'user_message',
  content: 'Netcat ran in a pod. Fix the workload.',
  timestamp: '2026-11-21T10:00:00Z',
  entity_diff: { add: [STACK, REPOSITORY], remove: [] },
  ...more,
});

interface Page {
  events: { id: string; type: string; eventBody: { type: string; content?: string; [field: string]: unknown } }[];
  continuationToken?: string;
}

export const idOf = ({ body }: Answered): string => (body as { taskId: string }).taskId;

/** A client of the simulator, as itself. */
export async function client(options: Parameters<typeof startNeo>[0] = {}) {
  const neo = await startNeo({ stepMilliseconds: 1, ...options });
  const tasks = (method: string, path: string, { headers, body }: Call = {}): Promise<Answered> =>
    call(method, `${neo.url}/api/preview/agents/acme/tasks${path}`, { headers: { ...HEADERS, ...headers }, body });
  /** Asks until it is so; a task moves on by itself. */
  const until = async <T>(ask: () => T | undefined): Promise<T> => {
    for (let attempt = 0; attempt < 500; attempt++) {
      const answer = ask();
      if (answer !== undefined) return answer;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    throw new Error(`It never came: ${JSON.stringify(neo.state())}`);
  };
  const stateOf = (id: string) => neo.state().find((task) => task.id === id);
  return {
    neo,
    tasks,
    create: (more: object = {}, script?: ScriptSettings): Promise<Answered> => {
      if (script !== undefined) neo.follow(script);
      return tasks('POST', '', { body: { message: message(), approvalMode: 'balanced', ...more } });
    },
    events: async (id: string, query = ''): Promise<Page> => (await tasks('GET', `/${id}/events${query}`)).body as Page,
    idle: (id: string) => until(() => (stateOf(id)?.status === 'idle' ? stateOf(id) : undefined)),
    /** The id of the approval that it waits for. */
    asked: (id: string) => until(() => stateOf(id)?.waitsFor ?? undefined),
    admin: (method: string, path: string, body?: unknown) => call(method, `${neo.url}/_simulator/${path}`, { body }),
    until,
  };
}
