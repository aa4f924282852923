import { type ChildProcess, spawn } from 'node:child_process';

import type { V1Secret } from '@kubernetes/client-node';

import { connect as connectAs, type KubernetesClient } from '../../../adapters/kubernetes/api/client';
import { type Cluster, configOf, connect } from '../../../cluster/local/kubernetes/client';
import type { Stack } from '../../../cluster/local/stack';
import { NAMESPACES, SERVICE_ACCOUNT } from '../../../core/names';
import { KUBECONFIG } from './deploy';
import { succeed } from '../../support/run';

/** The system on KIND, in the form in which the tests of the embedded stack know theirs, and its administrator. */
export interface KindStack {
  stack: Pick<Stack, 'urls' | 'login' | 'webhookSecret'> & Stack;
  cluster: Cluster;
  responder: KubernetesClient;
  close: () => void;
}

const kubectl = (...arguments_: string[]) => succeed('kubectl', '--kubeconfig', KUBECONFIG, ...arguments_);

export async function kindStack(): Promise<KindStack> {
  const cluster = connect(KUBECONFIG);
  const { data = {} }: V1Secret = await cluster.core.readNamespacedSecret({
    name: 'n8n',
    namespace: NAMESPACES.responder,
  });
  const value = (key: string): string => Buffer.from(data[key] ?? '', 'base64').toString();
  const proxy = await startProxy();
  const server = configOf(undefined, KUBECONFIG).getCurrentCluster();
  const caCertificate = Buffer.from(server?.caData ?? '', 'base64').toString();
  const token = (await kubectl('create', 'token', SERVICE_ACCOUNT, '-n', NAMESPACES.responder)).trim();
  const responder = await connectAs(
    { server: server?.server ?? '', certificate: { text: caCertificate }, token: { text: token } },
    { watch: false },
  );
  const stack = {
    urls: {
      n8n: 'http://127.0.0.1:30008',
      pushgateway: 'http://127.0.0.1:30123',
      loki: `${proxy.url}/api/v1/namespaces/monitoring/services/http:loki:3100/proxy`,
    },
    login: { email: value('ownerEmail'), password: value('ownerPassword') },
    webhookSecret: value('webhookSecret'),
  } as Stack;
  return { stack, cluster, responder, close: proxy.close };
}

/** Loki is published nowhere; the API server leads to it. */
async function startProxy(): Promise<{ url: string; close: () => void }> {
  const child: ChildProcess = spawn('kubectl', ['--kubeconfig', KUBECONFIG, 'proxy', '--port=0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const port = await new Promise<string>((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', () => {
      reject(new Error('kubectl proxy ended'));
    });
    child.stdout?.on('data', (chunk: Buffer) => {
      const [, found] = /127\.0\.0\.1:(\d+)/.exec(chunk.toString()) ?? [];
      if (found !== undefined) resolve(found);
    });
  });
  return { url: `http://127.0.0.1:${port}`, close: () => child.kill() };
}

/** What the cluster holds of ours, with its versions: whatever changes, or is made again, changes a line. */
export async function versions(): Promise<string[]> {
  const namespaced =
    'deployments,statefulsets,services,configmaps,secrets,networkpolicies,roles,rolebindings,serviceaccounts,pvc';
  const wide =
    'namespaces,clusterroles,clusterrolebindings,crds,validatingadmissionpolicies,validatingadmissionpolicybindings';
  const line =
    '{range .items[*]}{.kind}/{.metadata.namespace}/{.metadata.name} {.metadata.resourceVersion}{"\\n"}{end}';
  const pods = '{range .items[*]}Pod/{.metadata.namespace}/{.metadata.name} {.metadata.uid}{"\\n"}{end}';
  const found = await Promise.all([
    kubectl('get', namespaced, '-A', '-o', `jsonpath=${line}`),
    kubectl('get', wide, '-o', `jsonpath=${line}`),
    kubectl('get', 'pods', '-A', '-o', `jsonpath=${pods}`),
  ]);
  return found.flatMap((text) => text.trim().split('\n')).sort();
}
