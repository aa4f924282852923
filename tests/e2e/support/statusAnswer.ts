import { z } from 'zod/v4';

/** The refusals that a fault can be; for others the API server itself is easily brought to answer so. */
export type StatusCode = 409 | 429 | 500;

export interface StatusAnswer {
  headers: Record<string, string>;
  body: string;
}

interface Request {
  method: string;
  /** Without the query. */
  path: string;
  body: Buffer;
}

const RETRY_AFTER_SECONDS = 1;

/** An object's path in the API, of a namespace or of none: group, resource, name. */
const OBJECT_PATH =
  /^\/(?:api|apis\/(?<group>[^/]+))\/[^/]+\/(?:namespaces\/[^/]+\/)?(?<resource>[^/]+)(?:\/(?<name>[^/]+))?/;

const namedSchema = z.object({ metadata: z.object({ name: z.string() }) });

/** The answer that kube-apiserver gives with this code: a metav1.Status. tests/e2e/faultProxy.test.ts compares them. */
export function statusAnswer(code: StatusCode, request: Request): StatusAnswer {
  const status = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', ...parts(code, request), code };
  return {
    headers: {
      'cache-control': 'no-cache, private',
      'content-type': 'application/json',
      ...(code === 429 ? { 'retry-after': String(RETRY_AFTER_SECONDS) } : {}),
    },
    body: JSON.stringify(status),
  };
}

function parts(code: StatusCode, request: Request): object {
  switch (code) {
    case 409:
      return conflict(request);
    case 429:
      // What it says while its cache of a resource is being filled; that of overload is plain text, without a Status.
      return {
        message: 'storage is (re)initializing',
        reason: 'TooManyRequests',
        details: { retryAfterSeconds: RETRY_AFTER_SECONDS },
      };
    case 500:
      // Its word for a write whose end it does not know itself. Such errors of the storage have no reason.
      return { message: 'etcdserver: request timed out' };
  }
}

/** Of a create: the object is there already. Of any other call: somebody else changed it at the same time. */
function conflict({ method, path, body }: Request): object {
  const { group, resource = '', name } = OBJECT_PATH.exec(path)?.groups ?? {};
  const qualified = group === undefined ? resource : `${resource}.${group}`;
  const details = { ...(group === undefined ? {} : { group }), kind: resource };
  if (method === 'POST' && name === undefined) {
    const created = nameIn(body);
    return {
      message: `${qualified} "${created}" already exists`,
      reason: 'AlreadyExists',
      details: { name: created, ...details },
    };
  }
  return {
    message: `Operation cannot be fulfilled on ${qualified} "${name ?? ''}": the object has been modified; please apply your changes to the latest version and try again`,
    reason: 'Conflict',
    details: { name: name ?? '', ...details },
  };
}

function nameIn(body: Buffer): string {
  const named = namedSchema.safeParse(JSON.parse(body.toString('utf8')));
  // With generateName the API server tries several names before it gives up; which one it names is chance.
  return named.success ? named.data.metadata.name : '';
}
