import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders } from 'node:http';

/** They are about one connection, not about the request (RFC 9110, 7.6.1), or are made again for the next one. */
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

/** By which a proxy tells who called. From anybody else they are a forgery. */
const FORWARDED = /^(?:forwarded|x-forwarded-.*|x-real-ip)$/;

/** Without those that end here, and without those that the header Connection names. */
export function endToEnd(headers: IncomingHttpHeaders): OutgoingHttpHeaders {
  const named = new Set((headers.connection ?? '').split(',').map((name) => name.trim().toLowerCase()));
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !HOP_BY_HOP.has(name) && (name === 'host' || !named.has(name))),
  );
}

/**
 * The headers that n8n gets.
 * @param behindProxy whether a proxy of ours stands before the gate, whose word about the caller counts
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
