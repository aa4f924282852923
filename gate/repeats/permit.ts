/**
 * How n8n and the gate agree on repeats. n8n's answer to a repeat may permit the gate to answer requests like it by
 * itself for a moment; the gate then forwards one of them and says for how many more it stands. Both headers stay
 * between the two: neither a sender's nor n8n's own ever reaches the other side.
 */

/** Of n8n's answer: a Permit as JSON. */
export const PERMIT_HEADER = 'x-gate-repeats';
/** Of the gate's request: how many further requests it stands for. */
export const COUNT_HEADER = 'x-gate-count';

/** What another request has to share with one that was a repeat to be one as well. */
export interface Permit {
  /** Headers that have to be the same, among them the sender's proof. */
  same: readonly string[];
  /**
   * Values of the body that may differ, by path: `time`, `output_fields/proc.name`. A `*` at the end stands for any rest
   * of a name. Everything else has to be the same.
   */
  differ: readonly string[];
}

const MOST = { names: 32, length: 128 } as const;

/** Reads n8n's header. Null if there is none, or none that can be read: n8n then answers every request itself. */
export function readPermit(header: string | readonly string[] | undefined): Permit | null {
  if (typeof header !== 'string') return null;
  try {
    const { same, differ } = JSON.parse(header) as Record<string, unknown>;
    return isNames(same) && same.length > 0 && isNames(differ) ? { same, differ } : null;
  } catch {
    return null;
  }
}

/** Whether a header of n8n has a list of names here that the gate takes. */
export function isNames(value: unknown): value is string[] {
  return (
    Array.isArray(value) &&
    value.length <= MOST.names &&
    value.every((each) => typeof each === 'string' && each !== '' && each.length <= MOST.length)
  );
}
