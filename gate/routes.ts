import { FORM_BYTES, JSON_BYTES, type Lane } from './limits';

const JSON_TYPE = 'application/json';
const URLENCODED = 'application/x-www-form-urlencoded';
const MULTIPART = 'multipart/form-data';
const TEXT = 'text/plain';

/** The maximum bytes of a body, by media type. A type that is not listed is refused. */
type Bodies = Readonly<Record<string, number>>;

interface Route {
  prefix: string;
  lane: Lane;
  bodies: Bodies;
}

/**
 * Paths that accept more than JSON. Every other path, in any spelling, counts as a webhook: n8n's router also matches
 * `/WEBHOOK/…`, so a list of refused paths would have gaps.
 */
const ROUTES: readonly Route[] = [
  // The editor's own API. n8n checks the login before it reads a file.
  {
    prefix: '/rest/',
    lane: 'people',
    bodies: { [JSON_TYPE]: JSON_BYTES, [MULTIPART]: JSON_BYTES, [URLENCODED]: FORM_BYTES, [TEXT]: FORM_BYTES },
  },
  // n8n's form pages, including the approval page, and the page that links in e-mails and chats open: browsers send
  // both as multipart, Slack's buttons are URL-encoded. n8n reads the form before it checks login or signature.
  ...['/form/', '/form-waiting/', '/form-test/', '/webhook-waiting/'].map(
    (prefix): Route => ({
      prefix,
      lane: 'people',
      bodies: { [JSON_TYPE]: FORM_BYTES, [MULTIPART]: FORM_BYTES, [URLENCODED]: FORM_BYTES },
    }),
  ),
];

const WEBHOOK_PREFIX = '/webhook/';
const WEBHOOK: Bodies = { [JSON_TYPE]: JSON_BYTES };

/** How a body is handled. */
type Admission = { lane: Lane; limit: number } | { refusal: string };

/**
 * @param target the request's target as it was sent
 * @param contentType the header, if there is one
 */
export function admit(target: string, contentType: string | undefined): Admission {
  const path = target.split('?', 1)[0] ?? '';
  const route = ROUTES.find(({ prefix }) => path.startsWith(prefix));
  const bodies = route?.bodies ?? WEBHOOK;
  const type = mediaType(contentType);
  const limit = Object.hasOwn(bodies, type) ? bodies[type] : undefined;
  if (limit === undefined) return { refusal: `Send the body as ${Object.keys(bodies).join(' or ')}.` };
  return { lane: type === MULTIPART ? 'uploads' : laneOf(path, route), limit };
}

/** The lane of a request without a body. */
export function laneWithoutBody(target: string): Lane {
  return laneOf(
    target,
    ROUTES.find(({ prefix }) => target.startsWith(prefix)),
  );
}

/** Alerts do not queue behind the pages and files of the editor. */
const laneOf = (path: string, route: Route | undefined): Lane =>
  route?.lane ?? (path.startsWith(WEBHOOK_PREFIX) ? 'alerts' : 'people');

const mediaType = (contentType = ''): string => (contentType.split(';', 1)[0] ?? '').trim().toLowerCase();

/** Paths of n8n's WebSockets: the editor's, and a hosted chat's. n8n authenticates them. */
export const isTunnel = (target: string): boolean => /^\/(?:rest\/push|chat)(?:\?|$)/.test(target);
