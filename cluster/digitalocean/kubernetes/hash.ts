import { createHash } from 'node:crypto';

/** A hash of the data that a pod reads when it starts, for an annotation that restarts it. It reveals nothing of the data. */
export const hashOf = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 12);
