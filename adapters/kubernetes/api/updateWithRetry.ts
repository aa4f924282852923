import { hasCode } from '../../../core/errors';

interface Update<Current, Result> {
  /** The version to change. The first one may come from a watch; a later one must be read from the API server. */
  read: (isFirst: boolean) => Promise<Current>;
  /** Writes to exactly that version. @throws PipelineError `conflict` when it is no longer the latest */
  write: (current: Current) => Promise<Result>;
  /** Beyond so many lost races something else is wrong. */
  attempts: number;
}

/** Changes an object with optimistic concurrency: reads and writes again when another writer was faster. */
export async function updateWithRetry<Current, Result>({
  read,
  write,
  attempts,
}: Update<Current, Result>): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    const current = await read(attempt === 1);
    try {
      return await write(current);
    } catch (error) {
      if (!hasCode(error, 'conflict') || attempt === attempts) throw error;
    }
  }
}
