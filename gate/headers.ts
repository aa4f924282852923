import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders } from 'node:http';

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

/** Without hop-by-hop headers, and without those that the header Connection names. */
export function endToEnd(headers: IncomingHttpHeaders): OutgoingHttpHeaders {
  const named = new Set((headers.connection ?? '').split(',').map((name) => name.trim().toLowerCase()));
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !HOP_BY_HOP.has(name) && (name === 'host' || !named.has(name))),
  );
}

/**
 * The headers that n8n receives.
 * @param behindProxy whether the gate is behind a proxy of ours, whose headers about the client are trusted
 */
export function forN8n({ headers, socket }: IncomingMessage, behindProxy: boolean): OutgoingHttpHeaders {
  const kept = Object.entries(endToEnd(headers)).filter(([name]) => behindProxy || !FORWARDED.test(name));
  const caller = socket.remoteAddress ?? '';
  const before = behindProxy ? headers['x-forwarded-for'] : undefined;
  return {
    ...Object.fromEntries(kept),
    'x-forwarded-for': before === undefined ? caller : `${String(before)}, ${caller}`,
  };
}
