import { createHash } from 'node:crypto';

export const DELIVERY_HEADER = 'X-Webhook-Id';

/** Retries come within 48 hours; at the pace of one incident a minute this many are about a week. */
const REMEMBERED = 10_000;
const LONGEST_ID = 128;

/** What the answer to a delivery was, so that the same is said again. */
export type Answer = Readonly<Record<string, unknown>>;

/**
 * Deliveries that were accepted, the oldest forgotten first. PagerDuty's id is repeated in each attempt but not signed, so
 * that the signed bytes count as well: a copy of a delivery under another id is the same delivery.
 */
class Deliveries {
  private readonly answers = new Map<string, Answer>();

  constructor(private readonly remembered = REMEMBERED) {}

  find(keys: readonly string[]): Answer | undefined {
    return keys.map((key) => this.answers.get(key)).find((answer) => answer !== undefined);
  }

  remember(keys: readonly string[], answer: Answer): void {
    for (const key of keys) this.answers.set(key, answer);
    for (const oldest of this.answers.keys()) {
      if (this.answers.size <= 2 * this.remembered) break;
      this.answers.delete(oldest);
    }
  }
}

/** What the attempts of one delivery have in common, as short hashes: an incident keeps them, too. */
export function deliveryKeys(id: unknown, body: Buffer): string[] {
  const bytes = hashOf('body', body);
  return typeof id === 'string' && id !== '' && id.length <= LONGEST_ID ? [hashOf('id', id), bytes] : [bytes];
}

/** 128 bits are enough to tell deliveries apart. */
function hashOf(kind: string, value: string | Buffer): string {
  return createHash('sha256').update(`${kind} `).update(value).digest('base64url').slice(0, 22);
}

/** In this process, so that a repeat costs nothing. What other processes accepted, or this one before it restarted, is in the incident. */
export const deliveries = new Deliveries();
