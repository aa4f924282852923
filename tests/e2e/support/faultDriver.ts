import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';

import type { KubernetesAccess } from '../../../adapters/kubernetes/api/client';
import type { Call, Injection, When } from './faultPlan';
import type { FaultProxy } from './faultProxy';
import { runUntilKilled } from './killedProcess';
import type { ClusterState, Operation, Preparation, Report, Subject } from './operations';

/** What a client waits for an answer when none comes; the calls that are answered take far less. */
const SHORT_TIMEOUT_MS = 1_500;

/** An operation that has not ended by then goes in circles. */
const LIMIT_MS = 20_000;

export interface Bench extends Preparation {
  proxy: FaultProxy;
}

/** What a run without faults has taught: where faults can strike, and what the cluster must be like in the end. */
export interface Lesson {
  /** The pod's uid stands in the paths of our records; it is another in every run. */
  uid: string;
  calls: Call[];
  done: ClusterState;
}

export async function learn(bench: Bench, operation: Operation): Promise<Lesson> {
  const subject = await operation.prepare(bench);
  bench.proxy.begin();
  const report = await operation.run(through(bench), subject);
  if (!report.settled) throw new Error(`${operation.name} without faults: ${report.outcome}: ${report.reason}`);
  // How often something is polled is chance; the first time comes in every run.
  const calls = bench.proxy.calls.filter((call, index, all) => {
    const before = all[index - 1];
    return call.method !== before?.method || call.path !== before.path;
  });
  return { uid: subject.uid, calls, done: await operation.state(bench.cluster, subject) };
}

/** One fault at each of an operation's calls where it makes a difference. Returns what went wrong. */
export function strikeEach(
  bench: Bench,
  operation: Operation,
  lesson: Lesson,
  how: Pick<Injection, 'fault' | 'when' | 'lasting'>,
): Promise<string[]> {
  const calls = lesson.calls.filter((call) => differs(how, call));
  return forEachCall(bench, operation, { ...lesson, calls }, async (call, subject) => {
    bench.proxy.begin([{ call, ...how }]);
    const timeout = how.fault === 'timeout' ? SHORT_TIMEOUT_MS : undefined;
    const report = await Promise.race([
      operation.run(through(bench), subject, timeout),
      pause(LIMIT_MS, undefined, { ref: false }),
    ]);
    if (report === undefined) return [`it has not ended after ${LIMIT_MS} ms and ${bench.proxy.calls.length} calls`];
    if (!bench.proxy.calls.some(({ injected }) => injected !== null)) return ['the fault was not reached'];
    return falseClaims(report, await operation.state(bench.cluster, subject), lesson.done);
  });
}

/** The process killed at each of an operation's calls. Returns what went wrong. */
export function killAtEach(bench: Bench, operation: Operation, lesson: Lesson, when: When): Promise<string[]> {
  const access = through(bench);
  return forEachCall(bench, operation, lesson, (call, subject) =>
    runUntilKilled(bench.proxy, { call, when }, { operation: operation.name, access, subject }),
  );
}

/** Every time from the start, and every time followed by a second run, without faults, that has to make it good. */
async function forEachCall(
  bench: Bench,
  operation: Operation,
  { uid, calls, done }: Lesson,
  disturb: (call: Pick<Call, 'method' | 'path' | 'occurrence'>, subject: Subject) => Promise<string[]>,
): Promise<string[]> {
  const problems: string[] = [];
  for (const { method, path, occurrence } of calls) {
    const subject = await operation.prepare(bench);
    const found = await disturb({ method, path: path.replace(uid, subject.uid), occurrence }, subject);
    bench.proxy.begin();
    const report = await operation.run(through(bench), subject);
    const state = await operation.state(bench.cluster, subject);
    if (!report.settled) found.push(`run again, it reported ${said(report)}`);
    if (!isDeepStrictEqual(state, done)) found.push(`run again, it left ${JSON.stringify(state)}`);
    problems.push(...found.map((problem) => `${method} ${path} (${occurrence}): ${problem}`));
  }
  return problems;
}

function falseClaims(report: Report, state: ClusterState, done: ClusterState): string[] {
  const is = JSON.stringify(state);
  if (report.settled && !isDeepStrictEqual(state, done))
    return [`it reported ${said(report)}, and the cluster is ${is}`];
  if (report.podLost && state.pod !== null) return [`it reported ${said(report)}, and the pod is there: ${is}`];
  return [];
}

/** Nothing conflicts with reading, and since reading changes nothing, a fault after it is one before it. */
const differs = ({ fault, when }: Pick<Injection, 'fault' | 'when'>, { method }: Call): boolean =>
  method !== 'GET' || (fault !== 409 && when === 'before');

const said = ({ outcome, reason }: Report): string => `"${outcome}" (${reason})`;

const through = ({ proxy, access }: Bench): KubernetesAccess => ({
  ...access,
  server: proxy.url,
  certificate: { text: proxy.caCertificate },
});
