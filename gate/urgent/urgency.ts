import { createHash } from 'node:crypto';
import type { Head } from '../repeats/likeness';

/**
 * Of n8n's answer: which requests come before others, as JSON. Like the headers of repeats/permit.ts, it stays between n8n
 * and the gate.
 */
export const URGENT_HEADER = 'x-gate-urgent';

/** What another request has to share with an urgent one to be urgent as well. */
interface Urgency {
  /** Headers, among them the sender's proof. */
  same: readonly string[];
  /** The name of a value of the body: `rule`. */
  field: string;
}

/** Kinds of requests that are remembered; a playbook acts on fewer rules. */
const MOST_KINDS = 64;
/** Bytes of a body that is looked into; an alert is a few KiB. */
const MOST_BYTES = 16 * 1024;

/** Which requests n8n called urgent. The gate knows neither Falco nor the secret: another secret is another request. */
export class Urgent {
  /** What counts at an address. */
  readonly #urgencies = new Map<string, Urgency>();
  /** The kind that n8n named longest ago comes first. */
  readonly #kinds = new Set<string>();

  isUrgent(head: Head, body: Buffer): boolean {
    const urgency = this.#urgencies.get(head.url);
    if (urgency === undefined) return false;
    const kind = kindOf(head, body, urgency);
    return kind !== null && this.#kinds.has(kind);
  }

  /** Takes note of what n8n's answer to a request says of those like it. */
  learn(head: Head, body: Buffer, header: string | readonly string[] | undefined): void {
    const urgency = readUrgency(header);
    const kind = urgency === null ? null : kindOf(head, body, urgency);
    if (urgency === null || kind === null) return;
    // An address may hold anything that its sender likes, as its query.
    if (!this.#urgencies.has(head.url) && this.#urgencies.size >= MOST_KINDS) return;
    this.#urgencies.set(head.url, urgency);
    this.#kinds.delete(kind);
    this.#kinds.add(kind);
    const [oldest] = this.#kinds;
    if (this.#kinds.size > MOST_KINDS && oldest !== undefined) this.#kinds.delete(oldest);
  }
}

/** Null if there is none, or none that can be read. */
function readUrgency(header: string | readonly string[] | undefined): Urgency | null {
  if (typeof header !== 'string') return null;
  try {
    const { same, field } = JSON.parse(header) as Record<string, unknown>;
    const isList = Array.isArray(same) && same.length > 0 && same.every((name) => typeof name === 'string');
    return isList && typeof field === 'string' ? { same, field } : null;
  } catch {
    return null;
  }
}

function kindOf({ url, headers }: Head, body: Buffer, { same, field }: Urgency): string | null {
  const values = same.map((name) => headers[name]);
  if (values.includes(undefined) || body.length > MOST_BYTES) return null;
  try {
    const said = (JSON.parse(body.toString('utf8')) as Record<string, unknown> | null)?.[field];
    if (typeof said !== 'string') return null;
    return createHash('sha256')
      .update(JSON.stringify([url, values, said]))
      .digest('base64');
  } catch (error) {
    // Too deep a nesting is a RangeError.
    if (error instanceof SyntaxError || error instanceof RangeError) return null;
    throw error;
  }
}
