import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Stack } from '../../../cluster/local/stack';

/** What one of n8n's processes did in queue mode since a moment, by its log: the ids of executions. */
export interface Work {
  enqueued: string[];
  started: string[];
  finished: string[];
  isStopping: boolean;
}

/** Reads the log of one of n8n's processes from where it ends now. */
export async function watchWork({ logs }: Stack, process: string): Promise<() => Promise<Work>> {
  const file = join(logs, `${process}.log`);
  const { length } = await readFile(file, 'utf8');
  return async () => {
    const since = (await readFile(file, 'utf8')).slice(length);
    const ids = (line: RegExp): string[] => [...since.matchAll(line)].map(([, id = '']) => id);
    return {
      enqueued: ids(/^Enqueued execution (\d+) /gm),
      started: ids(/^Worker started execution (\d+) /gm),
      finished: ids(/^Worker finished execution (\d+) /gm),
      isStopping: since.includes('Received SIGTERM'),
    };
  };
}
