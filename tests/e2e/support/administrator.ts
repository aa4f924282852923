import {
  CoreV1Api,
  createConfiguration,
  KubeConfig,
  KubernetesObjectApi,
  ServerConfiguration,
} from '@kubernetes/client-node';
import { Agent, type Dispatcher } from 'undici';

import type { Cluster } from '../../../cluster/local/kubernetes';
import type { Stack } from '../../../cluster/local/stack';

/** `security:break-glass` is the group that may change the labels by which namespaces opt in. */
const GROUPS = ['system:masters', 'security:break-glass'];

/**
 * The cluster as its administrator with the glass broken, over connections that are kept open: the client's own
 * authentication makes a TLS connection for each call, which hundreds of pods would wait for.
 */
export function administrator({ kubeconfig }: Stack): Cluster {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const { certData, keyData } = config.getCurrentUser() ?? {};
  const { server = '', caData } = config.getCurrentCluster() ?? {};
  const agent = new Agent({
    connect: { ca: decoded(caData), cert: decoded(certData), key: decoded(keyData) },
    allowH2: false, // over HTTP/2 undici joins the two groups into one line
  });
  const impersonating = agent.compose(impersonate);
  const configuration = createConfiguration({
    baseServer: new ServerConfiguration(server, {}),
    authMethods: {
      default: {
        getName: () => 'client certificate over a kept connection',
        applySecurityAuthentication: (request) => {
          request.setDispatcher(impersonating);
        },
      },
    },
  });
  return { core: new CoreV1Api(configuration), objects: new KubernetesObjectApi(configuration) };
}

/** Each group needs a header line of its own, which the client's map of headers cannot say. */
const impersonate: Dispatcher.DispatcherComposeInterceptor = (dispatch) => (options, handler) =>
  dispatch(
    {
      ...options,
      headers: {
        ...(options.headers as Record<string, string>),
        'Impersonate-User': 'admin',
        'Impersonate-Group': GROUPS,
      },
    },
    handler,
  );

const decoded = (base64: string | undefined): string => Buffer.from(base64 ?? '', 'base64').toString('utf8');
