import { existsSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { builtFolder, buildTools } from './goTools.js';
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

interface Server {
  /** The oldest version whose flags and formats the stack can use. */
  minimum: string;
  /** The folder under servers/ whose go.mod pins it. */
  module: string;
  /** The Go package's own base name, where the program's name is another. */
  builtAs?: string;
}

export const SERVERS: Record<ServerName, Server> = {
  etcd: { minimum: '3.5.0', module: 'kubernetes', builtAs: 'server' },
  'kube-apiserver': { minimum: '1.34.0', module: 'kubernetes' },
  'kube-controller-manager': { minimum: '1.34.0', module: 'kubernetes' },
  'kube-scheduler': { minimum: '1.34.0', module: 'kubernetes' },
  kwok: { minimum: '0.7.0', module: 'kwok' },
  pushgateway: { minimum: '1.9.0', module: 'pushgateway' },
  prometheus: { minimum: '3.0.0', module: 'prometheus' },
  loki: { minimum: '3.0.0', module: 'loki' },
};

const SERVER_NAMES = Object.keys(SERVERS) as ServerName[];

/** In the order of building: what is quick first, so that a mistake shows early. */
export const MODULES = ['pushgateway', 'kwok', 'kubernetes', 'prometheus', 'loki'] as const;
export type ModuleName = (typeof MODULES)[number];

/** The servers on PATH with a suitable version: these need not be built. */
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

/** The modules that must be built, since PATH lacks one of their servers. */
export function modulesToBuild(onPath: Partial<Record<ServerName, string>>): ModuleName[] {
  return MODULES.filter((module) =>
    SERVER_NAMES.some((name) => SERVERS[name].module === module && onPath[name] === undefined),
  );
}

const sourceOf = (module: ModuleName): string => join(LOCAL, 'servers', module);

/** Where a module's servers are, or will be, in the cache. */
export const builtServers = (module: ModuleName): Promise<string> => builtFolder(sourceOf(module));

/** Builds every server that a module's go.mod names, once. */
export async function build(module: ModuleName, progress: (packages: number) => void): Promise<void> {
  await buildTools(sourceOf(module), {
    progress,
    finish: async (folder) => {
      for (const name of SERVER_NAMES) {
        const { module: home, builtAs } = SERVERS[name];
        if (home === module && builtAs) await rename(join(folder, builtAs), join(folder, name));
      }
    },
  });
}

/** The path of each server's program: on PATH, or in the cache. */
export async function serverPaths(onPath: Partial<Record<ServerName, string>>): Promise<Record<ServerName, string>> {
  const folders = Object.fromEntries(
    await Promise.all(MODULES.map(async (module) => [module, await builtServers(module)] as const)),
  );
  const entries = SERVER_NAMES.map((name) => [name, onPath[name] ?? join(folders[SERVERS[name].module] ?? '', name)]);
  return Object.fromEntries(entries) as Record<ServerName, string>;
}
