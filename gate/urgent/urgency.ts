import { digestOf, type Head } from '../repeats/likeness';
import { isNames } from '../repeats/permit';

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
    return isNames(same) && same.length > 0 && typeof field === 'string' ? { same, field } : null;
  } catch {
    return null;
  }
}

function kindOf(head: Head, body: Buffer, { same, field }: Urgency): string | null {
  if (body.length > MOST_BYTES) return null;
  return digestOf(head, body, same, (content) => {
    const said = (content as Record<string, unknown> | null)?.[field];
    return typeof said === 'string' ? said : undefined;
  });
}
