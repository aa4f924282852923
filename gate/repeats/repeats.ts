import { setTimeout as pause } from 'node:timers/promises';
import { type Head, likenessOf } from './likeness';
import type { Permit } from './permit';

/** An answer of n8n's, complete. */
export interface Answer {
  status: number;
  type: string | undefined;
  body: Buffer;
  /** Which requests n8n need not see for a moment; null if it wants to see all. */
  permit: Permit | null;
}

/** A request that the gate answered by itself, as n8n is going to receive it. */
export interface Held extends Head {
  body: Buffer;
  /** Further requests that it stands for. */
  others: number;
}

/** Hands a held request to n8n. Null if n8n cannot take it now. */
export type Deliver = (held: Held) => Promise<Answer | null>;

export interface RepeatLimits {
  /** Incidents whose repeats are answered here; n8n answers those of any other. */
  incidents: number;
  /** Bytes of a body; an alert is a few KiB. */
  bytes: number;
  /** The gate answers by itself for at least so long, milliseconds. */
  answerMs: number;
  /** Between two requests that are handed over, milliseconds: the rest of n8n's time is for what is new. */
  paceMs: number;
  /** How often a request is handed over that n8n does not take, and how long after the last time, milliseconds. */
  attempts: number;
  retryMs: number;
}

export const REPEAT_LIMITS: RepeatLimits = {
  incidents: 128,
  bytes: 16 * 1024,
  answerMs: 1_000,
  paceMs: 100,
  attempts: 12,
  retryMs: 5_000,
};

interface Entry {
  likeness: string;
  answer: Answer;
  since: number;
  held: Held | null;
}

/**
 * Answers repeats in n8n's place. n8n has said of a request that it was a repeat, and what another has to share with it
 * (docs/adr/0017-the-gate-answers-repeats.md). Those get the same answer; after a moment the last of them is handed to
 * n8n with the number of the others, so that n8n counts all, and notices when they are repeats no more.
 */
export class Repeats {
  /** By address. Only n8n's answers add one. */
  readonly #permits = new Map<string, Permit>();
  /** The one that n8n was asked about longest ago comes first. */
  readonly #entries = new Map<string, Entry>();
  #timer: NodeJS.Timeout | undefined;

  /** @param lost is called with the number of requests that were answered and that n8n never took */
  constructor(
    private readonly deliver: Deliver,
    private readonly lost: (count: number) => void,
    private readonly limits: RepeatLimits = REPEAT_LIMITS,
  ) {}

  /** How many incidents' repeats are answered here now. */
  get size(): number {
    return this.#entries.size;
  }

  /** n8n's answer to a request like this one, or null: n8n has to answer it. */
  answerTo(head: Head, body: Buffer): Answer | null {
    const permit = this.#permits.get(head.url);
    if (permit === undefined || body.length > this.limits.bytes) return null;
    const entry = this.#entries.get(likenessOf(head, body, permit) ?? '');
    if (entry === undefined) return null;
    entry.held = { ...head, body, others: entry.held === null ? 0 : entry.held.others + 1 };
    return entry.answer;
  }

  /** Takes note of n8n's answer to a request, if it has a permit. */
  learn(head: Head, body: Buffer, answer: Answer): void {
    const { permit } = answer;
    if (permit === null || body.length > this.limits.bytes) return;
    const likeness = likenessOf(head, body, permit);
    if (likeness === null || this.#entries.has(likeness)) return;
    if (this.#entries.size >= this.limits.incidents) return;
    // An address may hold anything that its sender likes, as its query.
    if (!this.#permits.has(head.url) && this.#permits.size >= this.limits.incidents) return;
    this.#permits.set(head.url, permit);
    this.#append({ likeness, answer, since: performance.now(), held: null });
  }

  /** Hands over all that n8n does not know of yet. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    const entries = [...this.#entries.values()];
    this.#entries.clear();
    await Promise.all(entries.map(({ held }) => this.#handOver(held, 1)));
  }

  #append(entry: Entry): void {
    this.#entries.delete(entry.likeness);
    this.#entries.set(entry.likeness, entry);
    this.#timer ??= setInterval(() => {
      this.#askAboutNext();
    }, this.limits.paceMs).unref();
  }

  /** Forgets what was not repeated, and asks n8n about the first that was, unless n8n still owes an answer about it. */
  #askAboutNext(): void {
    for (const entry of this.#entries.values()) {
      if (performance.now() - entry.since < this.limits.answerMs) return;
      this.#entries.delete(entry.likeness);
      if (entry.held !== null) {
        void this.#ask(entry, entry.held);
        return;
      }
    }
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  async #ask(entry: Entry, held: Held): Promise<void> {
    // What comes while n8n is asked is held as before; nobody asks a second time meanwhile.
    Object.assign(entry, { held: null, since: Infinity });
    this.#append(entry);
    const answer = await this.deliver(held);
    if (answer?.permit != null) {
      Object.assign(entry, { answer, since: performance.now() });
      if (this.#entries.has(entry.likeness)) this.#append(entry);
      return;
    }
    this.#entries.delete(entry.likeness);
    if (answer === null || answer.status >= 400) await this.#handOver(held, this.limits.attempts);
    // It may be new, too.
    await this.#handOver(entry.held, this.limits.attempts);
  }

  async #handOver(held: Held | null, attempts: number): Promise<void> {
    if (held === null) return;
    for (let attempt = 1; attempt <= attempts; attempt += 1) {
      if (attempt > 1) await pause(this.limits.retryMs, undefined, { ref: false });
      const answer = await this.deliver(held);
      if (answer === null) continue;
      if (answer.status < 400) return;
      break;
    }
    this.lost(held.others + 1);
  }
}
