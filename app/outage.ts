import { setTimeout as pause } from 'node:timers/promises';

import { PipelineError } from '../core/errors';
import type { Cluster } from './ports';

/**
 * As long as an API server takes to start again on a small, busy cluster, and longer than one call waits for an answer. A
 * pod that is isolated late is better off than one that waits for a person.
 */
export const OUTAGE_MS = 30_000;
const PAUSE_MS = 500;

type Asked = Pick<Cluster, 'isStarting'>;

/**
 * Whether an error may pass by itself: there was no answer, or the API server refused because it has just started and has
 * not read its roles yet.
 */
export async function isOutage(cluster: Asked, { code }: PipelineError): Promise<boolean> {
  return code === 'unreachable' || (code === 'forbidden' && (await cluster.isStarting()));
}

/** Tries a reading again during an outage, until `outageMs` have passed. @throws the last error */
export async function outlast<T>(cluster: Asked, outageMs: number, read: () => Promise<T>): Promise<T> {
  const began = performance.now();
  for (;;) {
    try {
      return await read();
    } catch (error) {
      const mayPass = error instanceof PipelineError && performance.now() - began < outageMs;
      if (!mayPass || !(await isOutage(cluster, error))) throw error;
      await afterPause();
    }
  }
}

/** Before the next attempt. */
export const afterPause = (): Promise<void> => pause(PAUSE_MS);
