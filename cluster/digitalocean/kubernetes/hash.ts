import { createHash } from 'node:crypto';

/** Of what a pod reads when it starts, for an annotation that starts it anew. It tells nothing of what it was made from. */
export const hashOf = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 12);
