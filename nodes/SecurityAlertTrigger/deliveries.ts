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

  find(id: unknown, body: Buffer): Answer | undefined {
    return keysOf(id, body)
      .map((key) => this.answers.get(key))
      .find((answer) => answer !== undefined);
  }

  remember(id: unknown, body: Buffer, answer: Answer): void {
    for (const key of keysOf(id, body)) this.answers.set(key, answer);
    for (const oldest of this.answers.keys()) {
      if (this.answers.size <= 2 * this.remembered) break;
      this.answers.delete(oldest);
    }
  }
}

function keysOf(id: unknown, body: Buffer): string[] {
  const bytes = `body ${createHash('sha256').update(body).digest('base64')}`;
  return typeof id === 'string' && id !== '' && id.length <= LONGEST_ID ? [`id ${id}`, bytes] : [bytes];
}

/** In this process. Workers and restarts do not share it; the incident's id is the same in all of them. */
export const deliveries = new Deliveries();
