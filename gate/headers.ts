import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import type { Head } from './repeats/likeness';

/** They concern one connection, not the request (RFC 9110, 7.6.1), or are set again for the next connection. */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
]);

/** Headers with which a proxy names the client. From any other sender they are forged. */
const FORWARDED = /^(?:forwarded|x-forwarded-.*|x-real-ip)$/;

/** Headers between n8n and the gate (repeats/permit.ts). */
const BETWEEN = 'x-gate-';

/** Without the headers of one connection: hop-by-hop ones, those that Connection names, and those between n8n and the gate. */
export function endToEnd(headers: IncomingHttpHeaders): OutgoingHttpHeaders {
  const named = new Set((headers.connection ?? '').split(',').map((name) => name.trim().toLowerCase()));
  return Object.fromEntries(
    Object.entries(headers).filter(
      ([name]) => !HOP_BY_HOP.has(name) && !name.startsWith(BETWEEN) && (name === 'host' || !named.has(name)),
    ),
  );
}

/**
 * The headers that n8n receives.
 * @param behindProxy whether the gate is behind a proxy of ours, whose headers about the client are trusted
 */
export function forN8n(
  { headers, caller }: Pick<Head, 'headers' | 'caller'>,
  behindProxy: boolean,
): OutgoingHttpHeaders {
  const kept = Object.entries(endToEnd(headers)).filter(([name]) => behindProxy || !FORWARDED.test(name));
  const before = behindProxy ? headers['x-forwarded-for'] : undefined;
  return {
    ...Object.fromEntries(kept),
    'x-forwarded-for': before === undefined ? caller : `${String(before)}, ${caller}`,
  };
}
