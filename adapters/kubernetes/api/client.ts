import type {
  ApisApi,
  AppsV1Api,
  AuthenticationV1Api,
  AuthorizationV1Api,
  BatchV1Api,
  CoreV1Api,
  CustomObjectsApi,
  KubeConfig,
  NetworkingV1Api,
  ResponseContext,
} from '@kubernetes/client-node';
import { Agent } from 'undici';

import { currentText, type TextOrFile } from './authentication';
import { transport } from './transport';
import { UnknownFields } from './unknownFields';

/** How to reach an API server. The certificate authority is always checked. */
export interface KubernetesAccess {
  /** https URL of the API server. */
  server: string;
  /** PEM of the authority; empty when the server's certificate is signed by an authority that Node trusts. */
  certificate: TextOrFile;
  /** Of the responder's ServiceAccount. */
  token: TextOrFile;
}

export interface KubernetesClient {
  server: string;
  /** Which API groups the API server has. */
  apis: ApisApi;
  core: CoreV1Api;
  apps: AppsV1Api;
  batch: BatchV1Api;
  networking: NetworkingV1Api;
  authentication: AuthenticationV1Api;
  authorization: AuthorizationV1Api;
  custom: CustomObjectsApi;
  token: TextOrFile;
  watch: boolean;
  /** Aborted when the client makes way for others: its watches end, and what still uses it reads by calls. */
  dropped: AbortSignal;
  /** For watches, which take a configuration of their own kind. */
  configuration: KubeConfig;
  /**
   * The API server's time now, by its last answer and what has passed since, milliseconds since the epoch; null before the
   * first. Its header counts whole seconds. That this process's clock was set since changes nothing about it.
   */
  serverTime: () => number | null;
  /** What the API server did not know of the records that were written. */
  unknownFields: UnknownFields;
}

interface ClientOptions {
  /** A call that takes longer than this, milliseconds, is taken for lost. */
  callTimeoutMs: number;
  /** Whether readings may come from watches that are kept open; without, each is a call. */
  watch: boolean;
}

const DEFAULTS: ClientOptions = { callTimeoutMs: 10_000, watch: true };

/** Alerts come in bursts; a connection is kept open for the next one. kube-apiserver itself closes none that is idle for less. */
const KEEP_ALIVE_MS = 60_000;

/** One client per access, so that connections and watches are kept between incidents. The least lately used is the first. */
const clients = new Map<string, { client: Promise<KubernetesClient>; drop: AbortController }>();
/** A token is renewed, and the client of its predecessor never asked for again. */
export const MOST_CLIENTS = 8;

export function connect(access: KubernetesAccess, changed: Partial<ClientOptions> = {}): Promise<KubernetesClient> {
  const options = { ...DEFAULTS, ...changed };
  const key = JSON.stringify([access.server, access.certificate, access.token, options]);
  const known = clients.get(key);
  if (known !== undefined) {
    // A Map keeps the order of insertion: put in again, it is the last.
    clients.delete(key);
    clients.set(key, known);
    return known.client;
  }
  const drop = new AbortController();
  const client = create(access, options, drop.signal);
  clients.set(key, { client, drop });
  // A client that could not be made must not be remembered.
  client.catch(() => clients.get(key)?.drop === drop && clients.delete(key));
  for (const [oldest, { drop: dropOldest }] of [...clients].slice(0, -MOST_CLIENTS)) {
    clients.delete(oldest);
    dropOldest.abort();
  }
  return client;
}

async function create(
  { server: url, certificate, token }: KubernetesAccess,
  { callTimeoutMs, watch }: ClientOptions,
  dropped: AbortSignal,
): Promise<KubernetesClient> {
  // The client is published as ES modules only and takes half a second to load: it is loaded when first needed.
  const sdk = await import('@kubernetes/client-node');
  const ca = await currentText(certificate);
  const server = url.replace(/\/+$/, '');
  // The client's own authentication makes a new agent, and so a new TLS connection, for each call (2.0.1).
  const agent = new Agent({
    connect: { timeout: callTimeoutMs, ...(ca === '' ? {} : { ca }) },
    keepAliveTimeout: KEEP_ALIVE_MS,
  });
  const authenticate: KubeConfig['applySecurityAuthentication'] = async (request) => {
    request.setHeaderParam('Authorization', `Bearer ${await currentText(token)}`);
    request.setDispatcher(agent);
  };
  const unknownFields = new UnknownFields();
  let heard: { date: number; at: number } | null = null;
  const readClock = (response: ResponseContext): void => {
    const date = Date.parse(response.headers.date ?? '');
    if (!Number.isNaN(date)) heard = { date, at: performance.now() };
  };
  const configuration = sdk.createConfiguration({
    baseServer: new sdk.ServerConfiguration(server, {}),
    httpApi: transport(sdk),
    authMethods: {
      default: {
        getName: () => 'bearer token over a kept connection',
        applySecurityAuthentication: authenticate,
      },
    },
    promiseMiddleware: [
      {
        pre: (request) => {
          request.setSignal(AbortSignal.timeout(callTimeoutMs));
          return Promise.resolve(request);
        },
        post: (response) => {
          readClock(response);
          unknownFields.hear(response.headers.warning);
          return Promise.resolve(response);
        },
      },
    ],
  });
  const watching = new sdk.KubeConfig();
  watching.loadFromClusterAndUser({ name: 'cluster', server, skipTLSVerify: false }, { name: 'responder' });
  watching.applySecurityAuthentication = authenticate;
  return {
    server,
    apis: new sdk.ApisApi(configuration),
    core: new sdk.CoreV1Api(configuration),
    apps: new sdk.AppsV1Api(configuration),
    batch: new sdk.BatchV1Api(configuration),
    networking: new sdk.NetworkingV1Api(configuration),
    authentication: new sdk.AuthenticationV1Api(configuration),
    authorization: new sdk.AuthorizationV1Api(configuration),
    custom: new sdk.CustomObjectsApi(configuration),
    token,
    watch,
    dropped,
    configuration: watching,
    serverTime: () => (heard === null ? null : heard.date + performance.now() - heard.at),
    unknownFields,
  };
}

/** The options of a call that sends a JSON merge patch; the client's default is a JSON patch, which is a list. */
export async function mergePatch() {
  const { PatchStrategy, setHeaderOptions } = await import('@kubernetes/client-node');
  return setHeaderOptions('Content-Type', PatchStrategy.MergePatch);
}
