import type { ServerName } from '../build/servers.js';

/** A process of the stack and how to tell that it is well. */
export interface Component {
  name:
    | ServerName
    | 'n8n'
    | 'gate'
    | 'simulators'
    | 'postgresql'
    | 'redis'
    | `n8n-webhook-${number}`
    | `n8n-worker-${number}`;
  command: string;
  args: string[];
  env: Record<string, string>;
  /** Answers 2xx when the component is ready to serve; the address of a component that does not speak HTTP. */
  health: string;
  /** Asks a component that does not speak HTTP whether it is ready. Throws the connection's error if there is no response. */
  ask?: () => Promise<boolean>;
  ports: number[];
  /** How long it may take to stop before it is killed; ten seconds if unset. */
  graceSeconds?: number;
  /** Who runs it, if not the user who starts the stack. */
  user?: string;
}

/** How a server is started: its flags, and what its environment has besides. */
export type Server = (
  name: ServerName,
  health: string,
  ports: number[],
  flags: Record<string, string>,
  env?: Record<string, string>,
) => Component;
