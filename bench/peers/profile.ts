import { z } from 'zod/v4';

import { Inspector } from '../inspector.js';

/** Between two samples, microseconds. */
const INTERVAL_US = 500;

const nodeSchema = z.object({
  id: z.number(),
  callFrame: z.object({ functionName: z.string(), url: z.string() }),
  children: z.array(z.number()).default([]),
});
/** Profiler.Profile of Chrome's DevTools protocol. */
const profileSchema = z.object({
  nodes: z.array(nodeSchema),
  samples: z.array(z.number()),
  /** Microseconds since the sample before; of the first, since the profiler began to start, which takes seconds. */
  timeDeltas: z.array(z.number()).transform(([_, ...rest]) => [0, ...rest]),
});
export type CpuProfile = z.infer<typeof profileSchema>;

/** Where time went, in milliseconds. */
export interface Share {
  part: string;
  /** In its own code. */
  self: number;
  /** The same, and in what it called. */
  total: number;
}

/** Records what a Node process does during some work. */
export async function profileDuring(pid: number, work: () => Promise<unknown>): Promise<CpuProfile> {
  const inspector = await Inspector.open(pid);
  try {
    await inspector.call('Profiler.enable');
    await inspector.call('Profiler.setSamplingInterval', { interval: INTERVAL_US });
    await inspector.call('Profiler.start');
    await work();
    return z.object({ profile: profileSchema }).parse(await inspector.call('Profiler.stop')).profile;
  } finally {
    inspector.close();
  }
}

/** V8's name for what is below everything, and for a process that waits. */
const ROOT = '(root)';
const WAITING = new Set(['(idle)', ROOT]);

type Frame = CpuProfile['nodes'][number]['callFrame'];

/** The time of each part, the largest first. @param partOf null for a frame that is no part's */
export function sharesBy({ nodes, samples, timeDeltas }: CpuProfile, partOf: (frame: Frame) => string | null): Share[] {
  const own = new Map<number, string | null>();
  const stacks = new Map<number, ReadonlySet<string>>();
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const callers = new Map(nodes.flatMap(({ id, children }) => children.map((child) => [child, id] as const)));
  const stackOf = (id: number): ReadonlySet<string> => {
    const known = stacks.get(id);
    if (known !== undefined) return known;
    const caller = callers.get(id);
    const above = caller === undefined ? new Set<string>() : stackOf(caller);
    const frame = byId.get(id)?.callFrame;
    const part = frame === undefined || frame.functionName === ROOT ? null : partOf(frame);
    own.set(id, part);
    const stack = part === null || above.has(part) ? above : new Set([...above, part]);
    stacks.set(id, stack);
    return stack;
  };
  const shares = new Map<string, Share>();
  const shareOf = (part: string): Share => {
    const share = shares.get(part) ?? { part, self: 0, total: 0 };
    shares.set(part, share);
    return share;
  };
  for (const [index, id] of samples.entries()) {
    if (WAITING.has(byId.get(id)?.callFrame.functionName ?? '')) continue;
    const ms = (timeDeltas[index] ?? 0) / 1000;
    for (const part of stackOf(id)) shareOf(part).total += ms;
    const part = own.get(id) ?? null;
    if (part !== null) shareOf(part).self += ms;
  }
  return [...shares.values()].sort((one, other) => other.self - one.self);
}

/** The milliseconds for which a process did not wait. */
export function busyTime({ nodes, samples, timeDeltas }: CpuProfile): number {
  const waiting = new Set(nodes.filter(({ callFrame }) => WAITING.has(callFrame.functionName)).map(({ id }) => id));
  return samples.reduce((sum, id, index) => (waiting.has(id) ? sum : sum + (timeDeltas[index] ?? 0) / 1000), 0);
}

/** The package of a frame's file; Node's own files are `node`, and what is no file has V8's name for it. */
export function packageOf({ functionName, url }: Frame): string {
  const installed = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1];
  if (installed !== undefined) return installed;
  if (url.startsWith('node:')) return 'node';
  if (url !== '') return url;
  return functionName.startsWith('(') ? functionName : 'native code';
}

/** A frame's file, from its package on; of native code the function's name. */
export function fileOf({ functionName, url }: Frame): string {
  const installed = /.*\/node_modules\/(.+)/.exec(url)?.[1];
  if (installed !== undefined || url !== '') return installed ?? url;
  return functionName.startsWith('(') ? functionName : `native: ${functionName || 'without a name'}`;
}
