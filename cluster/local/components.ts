import { join } from 'node:path';
import { kubernetesComponents } from './kubernetes/components.js';
import { configPath, INSTALLED_PACKAGE, statePath } from './paths.js';
import { HOST, PORTS, URLS } from './process/ports.js';
import type { Component, Server } from './process/component.js';
import type { ServerName } from './build/servers.js';

export function serverComponents(path: Record<ServerName, string>): Record<ServerName, Component> {
  const server: Server = (name, health, ports, flags, env = {}) => ({
    name,
    command: path[name],
    args: Object.entries(flags).map(([flag, value]) => `--${flag}=${value}`),
    env,
    health,
    ports,
  });
  return {
    ...kubernetesComponents(server),
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
      // Without it another checkout's rules would not be read until the next start.
      'enable-feature': 'auto-reload-config',
      'config.auto-reload-interval': '10s',
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
export function n8nComponent(
  project: string,
  environment: Record<string, string>,
  more: Pick<Component, 'graceSeconds'> = {},
): Component {
  return {
    ...more,
    name: 'n8n',
    command: process.execPath,
    args: [n8nProgram(project), 'start'],
    env: environment,
    health: `${URLS.n8nBehindGate}/healthz/readiness`,
    ports: [PORTS.n8nBehindGate, PORTS.n8nTaskBroker],
  };
}

/**
 * The gate in front of n8n, from the package that is installed into n8n; gate/main.ts names its settings.
 * @param queue in queue mode: where the webhook processors are, and the one that a webhook has to itself
 */
export const gateComponent = ({ webhooks = '', reserved = '' } = {}): Component => ({
  name: 'gate',
  command: process.execPath,
  args: [join(INSTALLED_PACKAGE, 'dist', 'gate', 'main.js')],
  env: {
    GATE_HOST: HOST,
    GATE_PORT: String(PORTS.n8n),
    GATE_UPSTREAM_PORT: String(PORTS.n8nBehindGate),
    GATE_WEBHOOKS: webhooks,
    GATE_RESERVED: reserved,
  },
  health: `${URLS.n8n}/healthz/readiness`,
  ports: [PORTS.n8n],
});

export const n8nProgram = (project: string): string => join(project, 'node_modules', 'n8n', 'bin', 'n8n');
