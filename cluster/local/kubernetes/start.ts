import type { ServerName } from '../build/servers.js';
import type { Component } from '../process/component.js';
import { startAndWait } from '../process/startAndWait.js';
import { stop } from '../process/supervisor.js';
import { ensureCertificates } from './certificates.js';
import { connect, ensurePlayground } from './client.js';
import { KUBERNETES } from './components.js';
import { applyContents } from './contents.js';

/** Starts the control plane and kwok, and creates what an alert needs in the cluster. */
export async function startCluster(servers: Record<ServerName, Component>): Promise<void> {
  if (await ensureCertificates()) for (const name of KUBERNETES) await stop(name);
  for (const name of ['etcd', 'kube-apiserver'] as const) await startAndWait(servers[name]);
  const cluster = connect();
  const rest = ['kube-controller-manager', 'kube-scheduler', 'kwok'] as const;
  await Promise.all([applyContents(cluster), ...rest.map((name) => startAndWait(servers[name]))]);
  await ensurePlayground(cluster);
}
