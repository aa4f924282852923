import { FORM_BYTES, JSON_BYTES, type Lane } from './limits';

const JSON_TYPE = 'application/json';
const URLENCODED = 'application/x-www-form-urlencoded';
const MULTIPART = 'multipart/form-data';
const TEXT = 'text/plain';

/** The most bytes that a body of each media type may have. A type that is not listed is refused. */
type Bodies = Readonly<Record<string, number>>;

interface Route {
  prefix: string;
  lane: Lane;
  bodies: Bodies;
}

/**
 * Where more than JSON may be sent. Everything else, in any spelling, is taken for a webhook: n8n's router also matches
 * `/WEBHOOK/…`, so that a list of what is refused would have holes.
 */
const ROUTES: readonly Route[] = [
  // The editor's own API. n8n asks for its login before it reads a file.
  {
    prefix: '/rest/',
    lane: 'people',
    bodies: { [JSON_TYPE]: JSON_BYTES, [MULTIPART]: JSON_BYTES, [URLENCODED]: FORM_BYTES, [TEXT]: FORM_BYTES },
  },
  // n8n's form pages, the approval page among them, and the page that an e-mail or a chat leads to: browsers send both as
  // multipart, Slack's buttons are URL-encoded. n8n reads the form before it asks for login or signature.
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

/** What is done with a body. */
export type Admission = { lane: Lane; limit: number } | { refusal: string };

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

/** Where n8n keeps a WebSocket: the editor's, and a hosted chat's. n8n checks who it is. */
export const isTunnel = (target: string): boolean => /^\/(?:rest\/push|chat)(?:\?|$)/.test(target);
