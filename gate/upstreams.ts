import type { Address } from './address';
import { Readiness } from './readiness';
import { pathOf, type Reserved } from './reserved';

/** Where n8n is. */
export interface Upstream {
  /** The port on loopback of n8n, in queue mode of its main process. */
  port: number;
  /** n8n's webhook processors, in queue mode. */
  webhooks?: readonly Address[] | undefined;
  /** Webhooks with webhook processors of their own, which get nothing else. */
  reserved?: Reserved | undefined;
  /** How often the processes that serve production webhooks are asked whether they are ready; never if unset. */
  readyMilliseconds?: number | undefined;
}

/**
 * Paths that n8n's webhook processors serve in queue mode: production webhooks, forms and MCP servers, and the pages and
 * webhooks that resume an execution. Test webhooks, the editor and its API are the main process's alone.
 */
const PRODUCTION = ['/webhook/', '/webhook-waiting/', '/form/', '/form-waiting/', '/mcp/'];

const LOOPBACK = '127.0.0.1';

/** n8n's processes behind the gate: the main process, and the webhook processors if there are any. */
export class Upstreams {
  readonly #main: Address;
  /** Those that serve production webhooks: the webhook processors, or without any the main process. */
  readonly #production: readonly Address[];
  readonly #reserved: Reserved;
  readonly #readiness: Readiness | undefined;
  #next = 0;

  constructor({ port, webhooks = [], reserved = new Map(), readyMilliseconds }: Upstream) {
    this.#main = { host: LOOPBACK, port };
    this.#production = webhooks.length > 0 ? webhooks : [this.#main];
    this.#reserved = reserved;
    const asked = [...this.#production, ...[...reserved.values()].flat()];
    if (readyMilliseconds !== undefined) this.#readiness = new Readiness(asked, readyMilliseconds);
  }

  /**
   * The processes that may answer a request, in the order in which they are tried: those for production webhooks take turns,
   * and the others follow, for the case that the first one does not accept the connection. Those that a webhook has to itself
   * come before them. Empty if none of them is ready.
   * @param target the request's target as it was sent
   */
  of(target: string): readonly Address[] {
    // n8n's router does not distinguish between upper and lower case.
    const path = target.toLowerCase();
    if (!PRODUCTION.some((prefix) => path.startsWith(prefix))) return [this.#main];
    const start = this.#next;
    this.#next = (start + 1) % this.#production.length;
    const own = this.#reserved.get(pathOf(target)) ?? [];
    return [...own, ...this.#production.slice(start), ...this.#production.slice(0, start)].filter(
      (address) => this.#readiness?.isReady(address) ?? true,
    );
  }
}
