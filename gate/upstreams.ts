/** A process of n8n. */
export interface Address {
  host: string;
  port: number;
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
  #next = 0;

  /** @param port the main process's, on loopback */
  constructor(
    port: number,
    private readonly webhooks: readonly Address[] = [],
  ) {
    this.#main = { host: LOOPBACK, port };
  }

  /**
   * The processes that may answer a request, in the order in which they are tried. Webhook processors take turns; the others
   * follow, for the case that the first one does not accept the connection.
   * @param target the request's target as it was sent
   */
  of(target: string): readonly [Address, ...Address[]] {
    // n8n's router does not distinguish between upper and lower case.
    const path = target.toLowerCase();
    const [first, ...others] = PRODUCTION.some((prefix) => path.startsWith(prefix)) ? this.#inTurn() : [];
    return first === undefined ? [this.#main] : [first, ...others];
  }

  #inTurn(): Address[] {
    const { webhooks } = this;
    const start = this.#next;
    this.#next = webhooks.length === 0 ? 0 : (start + 1) % webhooks.length;
    return [...webhooks.slice(start), ...webhooks.slice(0, start)];
  }
}

/**
 * Reads addresses from a setting: `host:port`, separated by commas.
 * @throws Error naming the text that is not an address
 */
export function addressesIn(text: string): Address[] {
  return text
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '')
    .map((each) => {
      const [, host, digits] = /^([a-z0-9][a-z0-9.-]*):(\d{1,5})$/i.exec(each) ?? [];
      const port = Number(digits);
      if (host === undefined || port < 1 || port > 65_535)
        throw new Error(`not a host and a port: ${JSON.stringify(each)}`);
      return { host, port };
    });
}
