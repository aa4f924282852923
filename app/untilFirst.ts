import { PipelineError } from '../core/errors';

/** Beyond so many lost races something else is wrong. */
const ATTEMPTS = 10;

interface Race {
  /** What is written, as a message names it: "the incident of alert 4f2". */
  what: string;
  nextStep: string;
  incidentId?: string;
}

/**
 * Reads and writes again until no other worker was faster, which an attempt reports with null.
 * @throws PipelineError `conflict` after too many lost races, and what an attempt throws
 */
export async function untilFirst<T>({ what, ...facts }: Race, attempt: () => Promise<T | null>): Promise<T> {
  for (let tries = 1; tries <= ATTEMPTS; tries += 1) {
    const result = await attempt();
    if (result !== null) return result;
  }
  throw new PipelineError('conflict', `${what} was written by others ${ATTEMPTS} times in a row`, facts);
}
