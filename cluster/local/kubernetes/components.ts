import type { Component, Server } from '../process/component.js';
import { AUDIT_LOG, configPath, KUBECONFIG, kubernetesPath, statePath } from '../paths.js';
import { HOST, PORTS, URLS } from '../process/ports.js';

export const KUBERNETES = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kwok'] as const;

// Those that act on what the playground holds. The others are for clouds, volumes, certificates and real nodes, and
// take memory too.
const CONTROLLERS = [
  'daemonset-controller',
  'deployment-controller',
  'disruption-controller',
  'endpointslice-controller',
  'garbage-collector-controller',
  'job-controller',
  'namespace-controller',
  'replicaset-controller',
  'serviceaccount-controller',
  'statefulset-controller',
];

const servingFlags = (name: string): Record<string, string> => ({
  'tls-cert-file': kubernetesPath(`${name}.crt`),
  'tls-private-key-file': kubernetesPath(`${name}.key`),
});

/** Nobody but the API server, and etcd itself, is let in: what is written there passes no admission and no audit. */
const etcdFlags = (listener: '' | 'peer-'): Record<string, string> => ({
  [`${listener}cert-file`]: kubernetesPath('etcd.crt'),
  [`${listener}key-file`]: kubernetesPath('etcd.key'),
  [`${listener}client-cert-auth`]: 'true',
  [`${listener}trusted-ca-file`]: kubernetesPath('etcd-ca.crt'),
});

/** A control plane, and kwok in place of the kubelets. */
export function kubernetesComponents(server: Server): Record<(typeof KUBERNETES)[number], Component> {
  const etcdPeer = `https://${HOST}:${PORTS.etcdPeer}`;
  return {
    etcd: server('etcd', `${URLS.etcdHealth}/health`, [PORTS.etcd, PORTS.etcdPeer, PORTS.etcdHealth], {
      name: 'local',
      'data-dir': statePath('etcd'),
      'listen-client-urls': URLS.etcd,
      'advertise-client-urls': URLS.etcd,
      'listen-peer-urls': etcdPeer,
      'initial-advertise-peer-urls': etcdPeer,
      'initial-cluster': `local=${etcdPeer}`,
      'listen-metrics-urls': URLS.etcdHealth, // asks nobody who they are, and has none of the data
      ...etcdFlags(''),
      ...etcdFlags('peer-'),
      'log-level': 'warn',
      'unsafe-no-fsync': 'true', // a playground: speed over what a power cut would lose
    }),
    'kube-apiserver': server('kube-apiserver', `${URLS.kubernetes}/readyz`, [PORTS.kubeApiserver], {
      'etcd-servers': URLS.etcd,
      'etcd-cafile': kubernetesPath('etcd-ca.crt'),
      'etcd-certfile': kubernetesPath('apiserver-etcd.crt'),
      'etcd-keyfile': kubernetesPath('apiserver-etcd.key'),
      'bind-address': HOST,
      'advertise-address': HOST,
      'secure-port': String(PORTS.kubeApiserver),
      'client-ca-file': kubernetesPath('ca.crt'),
      ...servingFlags('apiserver'),
      'kubelet-certificate-authority': kubernetesPath('ca.crt'),
      'service-account-issuer': 'https://kubernetes.default.svc',
      'service-account-key-file': kubernetesPath('service-account.key'),
      'service-account-signing-key-file': kubernetesPath('service-account.key'),
      'service-cluster-ip-range': '10.96.0.0/16',
      // As in a real cluster, where pods that can reach their node are what has to be recognised.
      'allow-privileged': 'true',
      'endpoint-reconciler-type': 'none', // there is no service network that could lead here
      'authorization-mode': 'RBAC',
      // No controller watches the node here, to take the taint off a new one: after a minute in which the machine stands
      // still, it would call every pod unready, and kwok would not undo that.
      'disable-admission-plugins': 'TaintNodesByCondition',
      'audit-policy-file': configPath('audit-policy.yaml'),
      'audit-log-path': AUDIT_LOG,
      'audit-log-maxsize': '50',
      'audit-log-maxbackup': '1',
    }),
    'kube-controller-manager': server(
      'kube-controller-manager',
      `${URLS.controllerManager}/healthz`,
      [PORTS.kubeControllerManager],
      {
        kubeconfig: kubernetesPath('controller-manager.kubeconfig'),
        'bind-address': HOST,
        'secure-port': String(PORTS.kubeControllerManager),
        ...servingFlags('controller-manager'),
        'leader-elect': 'false',
        'use-service-account-credentials': 'true', // each controller under its own role
        controllers: CONTROLLERS.join(','),
      },
    ),
    'kube-scheduler': server('kube-scheduler', `${URLS.scheduler}/readyz`, [PORTS.kubeScheduler], {
      kubeconfig: kubernetesPath('scheduler.kubeconfig'),
      'bind-address': HOST,
      'secure-port': String(PORTS.kubeScheduler),
      ...servingFlags('scheduler'),
      'leader-elect': 'false',
    }),
    kwok: server('kwok', `${URLS.kwok}/healthz`, [PORTS.kwok], {
      kubeconfig: KUBECONFIG,
      config: configPath('kwok.yaml'),
      'manage-all-nodes': 'true',
      // No lease, since there is no second kwok, and nobody watches the node. One that was killed would keep its lease, and
      // the next would leave new pods pending until that ends, which takes up to 50 s.
      'node-lease-duration-seconds': '0',
      'server-address': `${HOST}:${PORTS.kwok}`,
      // Where the API server asks the node's kubelet for logs.
      'node-ip': HOST,
      'node-port': String(PORTS.kwok),
      ...servingFlags('kwok'),
    }),
  };
}
