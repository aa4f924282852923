import { Agent } from 'undici';
import type { AppsV1Api, AuthenticationV1Api, BatchV1Api, CoreV1Api, NetworkingV1Api } from '@kubernetes/client-node';

/** How to reach an API server. The certificate authority is always checked. */
export interface KubernetesAccess {
  /** https URL of the API server. */
  server: string;
  /** PEM; empty when the server's certificate is signed by an authority that Node trusts. */
  caCertificate: string;
  /** Bearer token of the responder's ServiceAccount. */
  token: string;
}

export interface KubernetesClient {
  server: string;
  core: CoreV1Api;
  apps: AppsV1Api;
  batch: BatchV1Api;
  networking: NetworkingV1Api;
  authentication: AuthenticationV1Api;
}

/** A call that takes longer than this is taken for lost. */
const CALL_TIMEOUT_MS = 10_000;

/** Alerts come in bursts; a connection is kept open for the next one. kube-apiserver itself closes none that is idle for less. */
const KEEP_ALIVE_MS = 60_000;

/** One client per access, so that connections are kept open between incidents. */
const clients = new Map<string, Promise<KubernetesClient>>();

export function connect(access: KubernetesAccess): Promise<KubernetesClient> {
  const key = JSON.stringify([access.server, access.caCertificate, access.token]);
  const known = clients.get(key);
  if (known !== undefined) return known;
  const created = create(access);
  clients.set(key, created);
  // A token is renewed and its client forgotten; a client that could not be made must not be remembered.
  created.catch(() => clients.delete(key));
  if (clients.size > 8) clients.delete(clients.keys().next().value ?? key);
  return created;
}

async function create({ server, caCertificate, token }: KubernetesAccess): Promise<KubernetesClient> {
  // The client is published as ES modules only and takes half a second to load: it is loaded when first needed.
  const sdk = await import('@kubernetes/client-node');
  // The client's own authentication makes a new agent, and so a new TLS connection, for each call (2.0.1).
  const agent = new Agent({
    connect: { timeout: CALL_TIMEOUT_MS, ...(caCertificate === '' ? {} : { ca: caCertificate }) },
    keepAliveTimeout: KEEP_ALIVE_MS,
  });
  const configuration = sdk.createConfiguration({
    baseServer: new sdk.ServerConfiguration(server.replace(/\/+$/, ''), {}),
    authMethods: {
      default: {
        getName: () => 'bearer token over a kept connection',
        applySecurityAuthentication: (request) => {
          request.setHeaderParam('Authorization', `Bearer ${token}`);
          request.setDispatcher(agent);
        },
      },
    },
    promiseMiddleware: [
      {
        pre: (request) => {
          request.setSignal(AbortSignal.timeout(CALL_TIMEOUT_MS));
          return Promise.resolve(request);
        },
        post: (response) => Promise.resolve(response),
      },
    ],
  });
  return {
    server,
    core: new sdk.CoreV1Api(configuration),
    apps: new sdk.AppsV1Api(configuration),
    batch: new sdk.BatchV1Api(configuration),
    networking: new sdk.NetworkingV1Api(configuration),
    authentication: new sdk.AuthenticationV1Api(configuration),
  };
}

/** The options of a call that sends a JSON merge patch; the client's default is a JSON patch, which is a list. */
export async function mergePatch() {
  const { PatchStrategy, setHeaderOptions } = await import('@kubernetes/client-node');
  return setHeaderOptions('Content-Type', PatchStrategy.MergePatch);
}
