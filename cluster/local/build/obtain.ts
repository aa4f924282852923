import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf, StackError } from '../errors.js';
import type { Report } from '../steps/steps.js';
import { madeOnce } from './cache.js';
import { download, type DownloadOptions, Unavailable } from './download.js';
import { builtFolder, buildTools, goProblem } from './goTools.js';
import { type Publishers, PUBLISHERS, releasedFolder, releaseOf, type ReleaseFile } from './releases.js';
import { buildOf, type Part, PARTS, type ServerName, SERVERS, serversIn } from './servers.js';
import { unpack } from './unpack.js';

export interface ObtainOptions extends Pick<DownloadOptions, 'patience'> {
  /** Builds from source, and does not use what was downloaded. */
  fromSource?: boolean;
  /** Whether other programs come first. */
  isPatient?: boolean;
  publishers?: Publishers;
}

const SILENT: Report = { say: () => undefined, retitle: () => undefined };

/**
 * Makes the servers of a part available: as the official release, checked against its digest; from source where that cannot
 * be had. Does nothing if they are there. Reports which it takes, and why.
 * @throws StackError if a file of the release is another one than it should be, or the build fails
 */
export async function obtain(part: Part, options: ObtainOptions = {}, report: Report = SILENT): Promise<void> {
  const { fromSource = false, publishers, isPatient = false } = options;
  if ((await partFolder(part, fromSource, publishers)) !== undefined) return;
  const names = serversIn(part).join(', ');
  let why: string | undefined;
  if (!fromSource) {
    try {
      await downloadPart(part, options, report);
      return;
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      why = messageOf(error);
    }
  }
  const problem = await goProblem();
  if (problem !== undefined)
    throw new StackError([why, `${names} cannot be built from source.`].filter(Boolean).join('\n'), problem);
  report.retitle(`Build ${names} from source`, why);
  await buildTools(buildOf(part), {
    isPatient,
    progress: (packages) => {
      report.say(`${packages} packages compiled`);
    },
  });
}

async function downloadPart(part: Part, options: ObtainOptions, { say, retitle }: Report): Promise<void> {
  const { patience, publishers = PUBLISHERS } = options;
  const files = await releaseOf(part, publishers);
  retitle(`Download ${described(files)}`);
  await madeOnce(await releasedFolder(part, publishers), async (folder) => {
    for (const file of files) {
      const name = Object.keys(file.programs).join(', ');
      const target = join(folder, `${name}.download`);
      const progress: DownloadOptions['progress'] = (bytes, total) => {
        say(`${name}: ${megabytes(bytes)}${total === undefined ? '' : ` of ${megabytes(total)}`}`);
      };
      await download(file, target, { progress, ...(patience === undefined ? {} : { patience }) });
      await unpack(file, target, folder);
    }
  });
}

/** Which files, from where, and what they are checked with. */
function described(files: ReleaseFile[]): string {
  const groups = new Map<string, string[]>();
  for (const { url, sha256 } of files) {
    const where = `from ${new URL(url).host} (SHA-256 ${sha256 === undefined ? 'of its publisher' : 'known here'})`;
    groups.set(where, [...(groups.get(where) ?? []), nameOf(url)]);
  }
  return [...groups].map(([where, names]) => `${names.join(', ')} ${where}`).join('; ');
}

/** The last part of the path, after the version where the name has none. */
function nameOf(url: string): string {
  const parts = new URL(url).pathname.split('/');
  const version = parts.find((part) => /^v\d/.test(part)) ?? '';
  const name = parts.at(-1) ?? '';
  return name.includes(version.slice(1)) ? name : `${name} ${version}`;
}

const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;

/**
 * The folder in which a part's servers are: built from source, or downloaded.
 * @param fromSource whether those that were downloaded do not count
 * @returns undefined if they have to be built or downloaded first
 */
export async function partFolder(part: Part, fromSource = false, publishers = PUBLISHERS): Promise<string | undefined> {
  const built = await builtFolder(buildOf(part));
  if (existsSync(built)) return built;
  const released = await releasedFolder(part, publishers);
  return !fromSource && existsSync(released) ? released : undefined;
}

/** The path of each server's program: on PATH, or in the cache, where it would be built if it is not there. */
export async function serverPaths(
  onPath: Partial<Record<ServerName, string>>,
  fromSource = false,
): Promise<Record<ServerName, string>> {
  const folders = await Promise.all(
    PARTS.map(async (part) => (await partFolder(part, fromSource)) ?? (await builtFolder(buildOf(part)))),
  );
  const entries = (Object.keys(SERVERS) as ServerName[]).map((name) => [
    name,
    onPath[name] ?? join(folders[PARTS.indexOf(SERVERS[name].part)] ?? '', name),
  ]);
  return Object.fromEntries(entries) as Record<ServerName, string>;
}
