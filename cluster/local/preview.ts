import type { Part } from './build/servers.js';
import { serversIn } from './build/servers.js';

/** What decides which changes a start makes. */
export interface Ahead {
  /** The parts of the servers that are to be downloaded or built. */
  missing: Part[];
  fromSource: boolean;
  /** Whether n8n is to be installed. */
  n8n: boolean;
  /** The names of the components that do not run yet. */
  stopped: string[];
  /** How many run already. */
  running: number;
  cache: string;
  /** Where the nodes are built. */
  built: string;
  state: string;
  /** Where PostgreSQL's files go, if not into the state folder. */
  database: string | undefined;
}

/** What a start will do, before it does anything. */
export function preview(ahead: Ahead): string {
  const { missing, fromSource, n8n, stopped, running, cache, built, state, database } = ahead;
  const servers = missing.flatMap(serversIn).join(', ');
  const how = fromSource ? 'build from source' : 'download, or else build from source,';
  const lines = [
    ...(missing.length > 0 ? [`${how} ${servers}`] : []),
    ...(n8n ? ["install n8n from npm's registry"] : []),
    ...(missing.length > 0 || n8n ? [`keep both in ${cache}, for every later start`] : []),
    ...(stopped.length > 0 ? [`start on 127.0.0.1: ${stopped.join(', ')}`] : []),
    ...(running > 0 ? [`keep what runs (${running} of ${running + stopped.length}), unless its settings changed`] : []),
    `build the nodes in ${built}, unless they are built already`,
    `keep data, logs and secrets in ${state}`,
    ...(database === undefined
      ? []
      : [`keep PostgreSQL's data and programs in ${database}, since it does not run as root`]),
  ];
  return `This will\n${lines.map((line) => `  - ${line}`).join('\n')}\nand nothing else, but for temporary files and the caches of npm and Go. Ctrl-C stops it; the same command then continues.\n`;
}
