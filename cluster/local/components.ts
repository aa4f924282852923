import { join } from 'node:path';
import { AUDIT_LOG, configPath, KUBECONFIG, statePath } from './paths.js';
import { HOST, PORTS, URLS } from './ports.js';
import type { ServerName } from './servers.js';

/** A process of the stack and how to tell that it is well. */
export interface Component {
  name: ServerName | 'n8n';
  command: string;
  args: string[];
  env: Record<string, string>;
  /** Answers 2xx when the component is ready to serve. */
  health: string;
  ports: number[];
}

const kubernetesPath = (name: string): string => statePath('kubernetes', name);

export function serverComponents(path: Record<ServerName, string>): Record<ServerName, Component> {
  const server = (
    name: ServerName,
    health: string,
    ports: number[],
    flags: Record<string, string>,
    env = {},
  ): Component => ({
    name,
    command: path[name],
    args: Object.entries(flags).map(([flag, value]) => `--${flag}=${value}`),
    env,
    health,
    ports,
  });
  const etcdPeer = `http://${HOST}:${PORTS.etcdPeer}`;
  return {
    etcd: server('etcd', `${URLS.etcd}/health`, [PORTS.etcd, PORTS.etcdPeer], {
      name: 'local',
      'data-dir': statePath('etcd'),
      'listen-client-urls': URLS.etcd,
      'advertise-client-urls': URLS.etcd,
      'listen-peer-urls': etcdPeer,
      'initial-advertise-peer-urls': etcdPeer,
      'initial-cluster': `local=${etcdPeer}`,
      'log-level': 'warn',
      'unsafe-no-fsync': 'true', // a playground: speed over what a power cut would lose
    }),
    'kube-apiserver': server('kube-apiserver', `${URLS.kubernetes}/readyz`, [PORTS.kubeApiserver], {
      'etcd-servers': URLS.etcd,
      'bind-address': HOST,
      'advertise-address': HOST,
      'secure-port': String(PORTS.kubeApiserver),
      'client-ca-file': kubernetesPath('ca.crt'),
      'tls-cert-file': kubernetesPath('apiserver.crt'),
      'tls-private-key-file': kubernetesPath('apiserver.key'),
      'service-account-issuer': 'https://kubernetes.default.svc',
      'service-account-key-file': kubernetesPath('service-account.key'),
      'service-account-signing-key-file': kubernetesPath('service-account.key'),
      'service-cluster-ip-range': '10.96.0.0/16',
      'endpoint-reconciler-type': 'none', // there is no service network that could lead here
      'authorization-mode': 'RBAC',
      // No controllers run here: nothing would take the taint off a new node or make the default ServiceAccounts.
      'disable-admission-plugins': 'TaintNodesByCondition,ServiceAccount',
      'audit-policy-file': configPath('audit-policy.yaml'),
      'audit-log-path': AUDIT_LOG,
      'audit-log-maxsize': '50',
      'audit-log-maxbackup': '1',
    }),
    kwok: server('kwok', `${URLS.kwok}/healthz`, [PORTS.kwok], {
      kubeconfig: KUBECONFIG,
      config: configPath('kwok-stages.yaml'),
      'manage-all-nodes': 'true',
      'node-lease-duration-seconds': '40',
      'server-address': `${HOST}:${PORTS.kwok}`,
    }),
    loki: server(
      'loki',
      `${URLS.loki}/ready`,
      [PORTS.loki, PORTS.lokiGrpc],
      {
        'config.file': configPath('loki.yaml'),
        'config.expand-env': 'true',
        'server.http-listen-address': HOST,
        'server.http-listen-port': String(PORTS.loki),
        'server.grpc-listen-address': HOST,
        'server.grpc-listen-port': String(PORTS.lokiGrpc),
        'log.level': 'warn',
      },
      { LOKI_DATA: statePath('loki') },
    ),
    prometheus: server('prometheus', `${URLS.prometheus}/-/ready`, [PORTS.prometheus], {
      'config.file': configPath('prometheus.yaml'),
      'storage.tsdb.path': statePath('prometheus'),
      'web.listen-address': `${HOST}:${PORTS.prometheus}`,
    }),
    pushgateway: server('pushgateway', `${URLS.pushgateway}/-/ready`, [PORTS.pushgateway], {
      'web.listen-address': `${HOST}:${PORTS.pushgateway}`,
      'persistence.file': statePath('pushgateway.data'),
      'persistence.interval': '10s',
    }),
  };
}

/** n8n as its own command starts it; `environment` is the one that its import commands get as well. */
export function n8nComponent(project: string, environment: Record<string, string>): Component {
  return {
    name: 'n8n',
    command: process.execPath,
    args: [n8nProgram(project), 'start'],
    env: environment,
    health: `${URLS.n8n}/healthz/readiness`,
    ports: [PORTS.n8n, PORTS.n8nTaskBroker],
  };
}

export const n8nProgram = (project: string): string => join(project, 'node_modules', 'n8n', 'bin', 'n8n');
