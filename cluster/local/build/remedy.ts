import { tmpdir } from 'node:os';
import { CACHE } from '../paths.js';

const AGAIN = 'then run the same command again. What was finished before is kept.';
const DISK_FULL = /\bENOSPC\b|no space left on device/i;
const PROXY_FAILED = /proxyconnect|tunnel|\b407\b|proxy authentication|\bECONNREFUSED\b|proxy response/i;
const PROXIES = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'] as const;

export interface Build {
  /** What it loads its parts from: "the npm registry". */
  from: string;
  gigabytes: number;
}

/** Whether a disk is full, by what a program or Node said of its end. */
export const isDiskFull = (said: string): boolean => DISK_FULL.test(said);

/** What to do about a full disk. */
export const roomRemedy = (gigabytes: number): string =>
  `The disk is full. Free ${gigabytes} GB under ${CACHE}, and some in ${tmpdir()}, or set XDG_CACHE_HOME and TMPDIR to folders on a larger disk, ${AGAIN}`;

/** What to do about a build or an installation that failed, by the last lines of what it said. */
export function remedyOf(said: string, { from, gigabytes }: Build, env = process.env): string {
  if (isDiskFull(said)) return roomRemedy(gigabytes);
  const proxy = PROXY_FAILED.test(said) ? proxyOf(env) : undefined;
  if (proxy !== undefined)
    return `It goes through the proxy ${proxy}, which refuses or cannot be reached. Correct that variable (with user and password in it, if the proxy wants them) or unset it, ${AGAIN}`;
  return `Check the network to ${from} and the free disk space (${gigabytes} GB), ${AGAIN}`;
}

/** The proxy that programs use: its variable and host, without the user and the password in it. */
export function proxyOf(env: Record<string, string | undefined>): string | undefined {
  const name = PROXIES.find((each) => env[each] !== undefined && env[each] !== '');
  if (name === undefined) return undefined;
  return `${URL.parse(env[name] ?? '')?.host ?? 'that is not a URL'} (${name})`;
}
