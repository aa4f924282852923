import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hash } from '../files.js';
import { CACHE } from '../paths.js';
import { buildOf, type Part } from './servers.js';
import { prometheusRelease, requiredVersion } from './versions.js';

/** Where official releases are published; tests have a server of their own. */
export interface Publishers {
  kubernetes: string;
  github: string;
  /** SHA-256 of the files on GitHub whose digests are known here. */
  digests: Readonly<Record<string, string>>;
}

/** A file of an official release. */
export interface ReleaseFile {
  url: string;
  /** The programs in it: of an archive, each with its path inside; a file that is no archive is the program itself. */
  programs: Record<string, string>;
  /** Its SHA-256 where it is known here. */
  sha256?: string | undefined;
  /** Its publisher's file of SHA-256 sums; unset where the publisher has none. */
  sums?: string;
}

/**
 * SHA-256 of the files whose digests several public package recipes agree on; of others the publisher's own file of sums is
 * read. A newer version in go.mod needs a new line, or does without.
 */
const DIGESTS: Publishers['digests'] = {
  'etcd-io/etcd/releases/download/v3.6.4/etcd-v3.6.4-linux-amd64.tar.gz':
    '4d5f3101daa534e45ccaf3eec8d21c19b7222db377bcfd5e5a9144155238c105',
  'grafana/loki/releases/download/v3.7.8/loki-linux-amd64.zip':
    '62aea42c9cba52cd1642b3666ab37019a0ce4c24ab50b07e85dccc8d812f7d61',
  'kubernetes-sigs/kwok/releases/download/v0.8.0/kwok-linux-amd64':
    'f5a4385a2ae1b9dd7f8acae18e002a75c0ebba124ae9d7259aa8dadb50711f46',
  'prometheus/prometheus/releases/download/v3.13.1/prometheus-3.13.1.linux-amd64.tar.gz':
    '962b812371aff838d152b6ff2d56fdb7a6396f5542f48ebf73421b9721f0d103',
  'prometheus/pushgateway/releases/download/v1.11.1/pushgateway-1.11.1.linux-amd64.tar.gz':
    '6ce6ffab84d0d71195036326640295c02165462abd12b8092b0fa93188f5ee37',
};

export const PUBLISHERS: Publishers = {
  kubernetes: 'https://dl.k8s.io',
  github: 'https://github.com',
  digests: DIGESTS,
};

/** What a part's official release has of the versions that its go.mod names, for Linux on x64; what may be refused comes first. */
export async function releaseOf(part: Part, publishers = PUBLISHERS): Promise<ReleaseFile[]> {
  const goMod = await readFile(join(buildOf(part).source, 'go.mod'), 'utf8');
  const version = (module: string): string => requiredVersion(goMod, module);
  const github = (repository: string, tag: string, file: string, programs: Record<string, string>, sums?: string) => {
    const folder = `${repository}/releases/download/${tag}`;
    return {
      url: `${publishers.github}/${folder}/${file}`,
      programs,
      sha256: publishers.digests[`${folder}/${file}`],
      ...(sums === undefined ? {} : { sums: `${publishers.github}/${folder}/${sums}` }),
    };
  };
  const prometheusProject = (name: 'prometheus' | 'pushgateway', tag: string): ReleaseFile[] => {
    const folder = `${name}-${tag.slice(1)}.linux-amd64`;
    const programs = { [name]: `${folder}/${name}` };
    return [github(`prometheus/${name}`, tag, `${folder}.tar.gz`, programs, 'sha256sums.txt')];
  };
  switch (part) {
    case 'pushgateway':
      return prometheusProject('pushgateway', version('github.com/prometheus/pushgateway'));
    case 'prometheus':
      return prometheusProject('prometheus', prometheusRelease(version('github.com/prometheus/prometheus')));
    case 'loki': {
      const tag = version('github.com/grafana/loki/v3');
      return [github('grafana/loki', tag, 'loki-linux-amd64.zip', { loki: 'loki-linux-amd64' }, 'SHA256SUMS')];
    }
    case 'kubernetes': {
      const etcd = version('go.etcd.io/etcd/server/v3');
      const folder = `etcd-${etcd}-linux-amd64`;
      return [
        github('kubernetes-sigs/kwok', version('sigs.k8s.io/kwok'), 'kwok-linux-amd64', { kwok: '' }),
        github('etcd-io/etcd', etcd, `${folder}.tar.gz`, { etcd: `${folder}/etcd` }, 'SHA256SUMS'),
        ...['kube-apiserver', 'kube-controller-manager', 'kube-scheduler'].map((name) => {
          const url = `${publishers.kubernetes}/${version('k8s.io/kubernetes')}/bin/linux/amd64/${name}`;
          return { url, programs: { [name]: '' }, sums: `${url}.sha256` };
        }),
      ];
    }
  }
}

/** Where the servers of a part's release are, or will be, in the cache. */
export async function releasedFolder(part: Part, publishers = PUBLISHERS): Promise<string> {
  const files = await releaseOf(part, publishers);
  return join(CACHE, 'servers', `${part}-release-${hash(JSON.stringify(files))}`);
}
