import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import type { GoBuild } from './goTools.js';
import { LOCAL } from '../paths.js';
import { isGoodVersion, versionIn } from './versions.js';

export type ServerName =
  | 'etcd'
  | 'kube-apiserver'
  | 'kube-controller-manager'
  | 'kube-scheduler'
  | 'kwok'
  | 'loki'
  | 'prometheus'
  | 'pushgateway';

/**
 * What is built or downloaded together, in this order: Kubernetes before what only shows an incident afterwards, and what is
 * quick first, so that a mistake shows early.
 */
export const PARTS = ['pushgateway', 'kubernetes', 'prometheus', 'loki'] as const;
export type Part = (typeof PARTS)[number];

interface Server {
  /** The oldest version whose flags and formats the stack can use. */
  minimum: string;
  part: Part;
  /** The Go package of its program. */
  source: string;
}

export const SERVERS: Record<ServerName, Server> = {
  etcd: { minimum: '3.5.0', part: 'kubernetes', source: 'go.etcd.io/etcd/server/v3' },
  'kube-apiserver': { minimum: '1.34.0', part: 'kubernetes', source: 'k8s.io/kubernetes/cmd/kube-apiserver' },
  'kube-controller-manager': {
    minimum: '1.34.0',
    part: 'kubernetes',
    source: 'k8s.io/kubernetes/cmd/kube-controller-manager',
  },
  'kube-scheduler': { minimum: '1.34.0', part: 'kubernetes', source: 'k8s.io/kubernetes/cmd/kube-scheduler' },
  kwok: { minimum: '0.7.0', part: 'kubernetes', source: 'sigs.k8s.io/kwok/cmd/kwok' },
  pushgateway: { minimum: '1.9.0', part: 'pushgateway', source: 'github.com/prometheus/pushgateway' },
  prometheus: { minimum: '3.0.0', part: 'prometheus', source: 'github.com/prometheus/prometheus/cmd/prometheus' },
  loki: { minimum: '3.0.0', part: 'loki', source: 'github.com/grafana/loki/v3/cmd/loki' },
};

const SERVER_NAMES = Object.keys(SERVERS) as ServerName[];

/** The servers on PATH with a suitable version: these need not be built or downloaded. */
export async function serversOnPath(): Promise<Partial<Record<ServerName, string>>> {
  const found = await Promise.all(SERVER_NAMES.map(async (name) => [name, await onPath(name)] as const));
  return Object.fromEntries(found.filter(([, path]) => path !== undefined));
}

async function onPath(name: ServerName): Promise<string | undefined> {
  const folder = (process.env.PATH ?? '').split(':').find((entry) => entry && existsSync(join(entry, name)));
  if (folder === undefined) return undefined;
  const path = join(folder, name);
  const { all } = await execa(path, ['--version'], { all: true, reject: false, timeout: 10_000 });
  const version = versionIn(all);
  return version !== undefined && isGoodVersion(version, SERVERS[name].minimum) ? path : undefined;
}

/** The servers of a part. */
export const serversIn = (part: Part): ServerName[] => SERVER_NAMES.filter((name) => SERVERS[name].part === part);

/** The parts that are needed, since PATH lacks one of their servers. */
export function partsNeeded(onPath: Partial<Record<ServerName, string>>): Part[] {
  return PARTS.filter((part) => serversIn(part).some((name) => onPath[name] === undefined));
}

// Servers that share libraries share a go.mod, and so their versions: each package is compiled once. Pushgateway has its own:
// with the others' version of github.com/prometheus/common it panics at every push.
const PUSHGATEWAY = { source: join(LOCAL, 'servers', 'pushgateway') };
const KUBERNETES = { source: join(LOCAL, 'servers', 'kubernetes') };
// Prometheus reads its targets from files: without the other ways to find them go the libraries of two dozen clouds.
const MONITORING = { source: join(LOCAL, 'servers', 'monitoring'), tags: 'remove_all_sd' };

const MODULES = { pushgateway: PUSHGATEWAY, kubernetes: KUBERNETES, prometheus: MONITORING, loki: MONITORING };

/** How a part is built from source. */
export const buildOf = (part: Part): GoBuild => ({
  ...MODULES[part],
  name: part,
  programs: Object.fromEntries(serversIn(part).map((name) => [name, SERVERS[name].source])),
});

/** The tools of the same modules, which tests use. */
export const TOOLS = {
  kubectl: { ...KUBERNETES, name: 'kubectl', programs: { kubectl: 'k8s.io/kubernetes/cmd/kubectl' } },
  promtool: {
    ...MONITORING,
    name: 'promtool',
    programs: { promtool: 'github.com/prometheus/prometheus/cmd/promtool' },
  },
} as const satisfies Record<string, GoBuild>;
