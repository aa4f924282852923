import { type Address, addressesIn } from './address';

/** The processes that a webhook has to itself, by its path in lower case, as n8n's router compares it. */
export type Reserved = ReadonlyMap<string, readonly Address[]>;

/** A request's path, as `Reserved` has it. */
export const pathOf = (target: string): string => (target.split('?', 1)[0] ?? '').toLowerCase();

/**
 * Reads webhooks with processes of their own from a setting: `/webhook/path=host:port`, separated by commas. A webhook that
 * comes several times has several processes.
 * @throws Error naming the text that cannot be read
 */
export function reservedIn(text: string): Reserved {
  const reserved = new Map<string, Address[]>();
  for (const each of text.split(',').map((entry) => entry.trim())) {
    if (each === '') continue;
    const [, path, address] = /^(\/webhook\/[^\s=?]+)=([^=]+)$/i.exec(each) ?? [];
    if (path === undefined || address === undefined)
      throw new Error(`not a webhook and its process: ${JSON.stringify(each)}`);
    const key = path.toLowerCase();
    reserved.set(key, [...(reserved.get(key) ?? []), ...addressesIn(address)]);
  }
  return reserved;
}
