/** A process of n8n. */
export interface Address {
  host: string;
  port: number;
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
