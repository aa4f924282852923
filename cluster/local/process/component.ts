import type { ServerName } from '../build/servers.js';

/** A process of the stack and how to tell that it is well. */
export interface Component {
  name: ServerName | 'n8n' | 'gate' | 'simulators';
  command: string;
  args: string[];
  env: Record<string, string>;
  /** Answers 2xx when the component is ready to serve. */
  health: string;
  ports: number[];
}

/** How a server is started: its flags, and what its environment has besides. */
export type Server = (
  name: ServerName,
  health: string,
  ports: number[],
  flags: Record<string, string>,
  env?: Record<string, string>,
) => Component;
