import { get } from 'node:http';
import type { Address } from './address';

const PATH = '/healthz/readiness';
const EVERY_MILLISECONDS = 1_000;
const ANSWER_MILLISECONDS = 2_000;

/**
 * Which of n8n's processes are ready. A process that starts accepts connections before it has its webhooks, and answers 404
 * until then: senders do not repeat what was answered with 404.
 */
export class Readiness {
  readonly #unready = new Set<string>();

  /** @param everyMilliseconds between two questions to a process; the first one is asked at once */
  constructor(
    private readonly addresses: readonly Address[],
    everyMilliseconds = EVERY_MILLISECONDS,
  ) {
    this.#ask();
    setInterval(() => {
      this.#ask();
    }, everyMilliseconds).unref();
  }

  /** A process counts as ready until it says otherwise. */
  isReady(address: Address): boolean {
    return !this.#unready.has(keyOf(address));
  }

  #ask(): void {
    for (const address of this.addresses) {
      const request = get({ ...address, path: PATH, agent: false, timeout: ANSWER_MILLISECONDS });
      request.on('response', (response) => {
        response.resume();
        this.#note(address, response.statusCode !== 503);
      });
      request.on('error', (error: NodeJS.ErrnoException) => {
        if (error.syscall === 'connect') this.#note(address, false);
      });
      // A process that is busy answers late: it stays what it was.
      request.on('timeout', () => request.destroy());
    }
  }

  #note(address: Address, isReady: boolean): void {
    if (isReady) this.#unready.delete(keyOf(address));
    else this.#unready.add(keyOf(address));
  }
}

const keyOf = ({ host, port }: Address): string => `${host}:${port}`;
