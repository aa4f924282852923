/**
 * Measures what an attacker's noise costs: many events of few incidents, then as many incidents of one namespace as there
 * are events; and how long an alert about another pod takes to be contained meanwhile. Prints how many repeats a second the
 * trigger takes beside n8n's own Webhook node, what the noise left behind, and both times; judges nothing.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';

import { freshAlert, loadAlert, now } from '../cluster/local/alerts/alertFiles.js';
import { connect } from '../cluster/local/kubernetes/client.js';
import type { Stack } from '../cluster/local/stack.js';
import { up } from '../cluster/local/up.js';
import { numberOf, parse, readCommandLine } from '../cluster/shared/commandLine.js';
import { WEBHOOK_PATH } from '../core/names.js';
import { forgetIncidents } from '../tests/e2e/support/incidents.js';
import { N8n } from '../tests/e2e/support/n8n.js';
import { AMPLE_INCIDENTS, setPolicy } from '../tests/e2e/support/policy.js';
import { BASELINE_PATH, webhookAlone } from './baseline.js';
import { costsBetween, type Costs, costsNow } from './costs.js';
import { percentile } from './percentile.js';
import { Playground } from './playground.js';
import { withoutModel } from './scale/playedModel.js';
import { flood } from './flood.js';
import { floodApart } from './floodThread.js';

/** Of the names of workflows that belong to the benchmark. */
const PREFIX = 'bench storm ';
const FEW = 20;
interface Sizes {
  repeats: number;
  subjects: number;
  /** How often as many new incidents come, each time in another namespace, for enough alerts beside them. */
  rounds: number;
  /** How many alerts are sent beside repeats at least; half as many repeats as above come again until it is reached. */
  besideRepeats: number;
  /** In quiet, before the noise. */
  alerts: number;
  requests: number;
  /** What is counted is written down every ten seconds, and log and metrics come after the decision. */
  restMs: number;
}

async function main(sizes: Sizes): Promise<void> {
  withoutModel();
  process.env.N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE = 'false';
  const byDefault = await webhookRate((await up()).stack, sizes.requests);
  process.env.N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE = 'true';
  const { stack } = await up();
  const withOurs = await webhookRate(stack, sizes.requests);
  await measureStorm(stack, sizes, { byDefault, withOurs });
}

const STORM = {
  command: 'npm run bench:storm',
  about: "Measures what an attacker's noise costs, and how long another alert waits meanwhile.",
  options: {
    repeats: { type: 'string', default: '20000', about: 'events of few incidents' },
    subjects: { type: 'string', default: '1000', about: 'incidents of one namespace' },
    rounds: { type: 'string', default: '3', about: 'how often as many new incidents come' },
    'beside-repeats': { type: 'string', default: '30', about: 'alerts that are sent beside repeats, at least' },
    alerts: { type: 'string', default: '100', about: 'alerts in quiet, before the noise' },
    requests: { type: 'string', default: '400', about: "requests to n8n's own Webhook node" },
    'rest-seconds': { type: 'string', default: '25', about: 'until what was counted is written' },
  },
} as const;

const MOST = 1_000_000;

function readSizes(args: readonly string[]): Sizes {
  const { values } = parse(STORM, args);
  const size = (option: keyof typeof values): number => numberOf(option, values[option], 1, MOST);
  return {
    repeats: size('repeats'),
    subjects: size('subjects'),
    rounds: size('rounds'),
    besideRepeats: size('beside-repeats'),
    alerts: size('alerts'),
    requests: size('requests'),
    restMs: size('rest-seconds') * 1000,
  };
}

/** Requests a second that n8n's own Webhook node accepts, when it does nothing else. */
async function webhookRate(stack: Stack, requests: number): Promise<number> {
  const n8n = await N8n.connect(stack);
  await n8n.deleteWorkflows(PREFIX);
  await n8n.activate(webhookAlone(PREFIX), BASELINE_PATH);
  const body = await noise('noise', 'subject', randomUUID());
  await flood(stack, BASELINE_PATH, events([body], 20));
  const { perSecond } = await flood(stack, BASELINE_PATH, events([body], requests));
  await n8n.deleteWorkflows(PREFIX);
  return perSecond;
}

async function measureStorm(
  stack: Stack,
  { repeats, subjects, rounds, besideRepeats, alerts, restMs }: Sizes,
  { byDefault, withOurs }: { byDefault: number; withOurs: number },
): Promise<void> {
  const few = await Promise.all(
    Array.from({ length: FEW }, (_, index) => noise('noise', `noise-${index}`, randomUUID())),
  );
  const playground = await Playground.open(stack);
  try {
    for (let round = 0; round < 5; round += 1) await playground.contain(WEBHOOK_PATH);
    const quiet: number[] = [];
    for (let round = 0; round < alerts; round += 1) quiet.push(await playground.contain(WEBHOOK_PATH));

    await setPolicy(connect(), { incidents: null });
    // What the alerts so far and an earlier run made would count towards the hour's bounds.
    await forgetIncidents();
    await flood(stack, WEBHOOK_PATH, few);
    await pause(restMs);
    const begin = await costsNow(stack);
    const alone = await flood(stack, WEBHOOK_PATH, events(few, Math.floor(repeats / 2)));
    const [beside, storm] = await during(
      playground,
      floodApart(stack, WEBHOOK_PATH, events(few, Math.ceil(repeats / 2))),
    );
    await pause(restMs);
    const repeated = await costsNow(stack);
    const [besideMany, wide] = await during(playground, floodApart(stack, WEBHOOK_PATH, await crowd(0, subjects)));
    await pause(restMs);
    const end = await costsNow(stack);
    for (let round = 1; round < rounds; round += 1) {
      await forgetIncidents();
      const [times] = await during(playground, floodApart(stack, WEBHOOK_PATH, await crowd(round, subjects)));
      besideMany.push(...times);
      await pause(restMs);
    }
    await forgetIncidents();
    await flood(stack, WEBHOOK_PATH, few);
    await pause(restMs);
    while (beside.length < besideRepeats) {
      const [times] = await during(playground, floodApart(stack, WEBHOOK_PATH, events(few, Math.ceil(repeats / 2))));
      beside.push(...times);
    }

    console.log(`\nAccepted a second: ${alone.perSecond.toFixed(0)} repeats`);
    console.log(
      `  n8n's Webhook node by default      ${byDefault.toFixed(1)}   ratio ${(alone.perSecond / byDefault).toFixed(1)}`,
    );
    console.log(
      `  n8n's Webhook node, our settings   ${withOurs.toFixed(1)}   ratio ${(alone.perSecond / withOurs).toFixed(1)}`,
    );
    print(
      `${repeats} events of ${FEW} incidents (answered: ${said(alone)}, ${said(storm)})`,
      costsBetween(begin, repeated),
    );
    print(
      `${subjects} events of ${subjects} incidents in one namespace (answered: ${said(wide)})`,
      costsBetween(repeated, end),
    );
    console.log(`\nAlert about another pod POSTed → pod labelled`);
    for (const [name, times] of [
      ['in quiet', quiet],
      ['beside repeats', beside],
      ['beside new incidents', besideMany],
    ] as const)
      console.log(
        `  ${name.padEnd(22)} ${String(times.length).padStart(3)} alerts   p50 ${against(times, quiet, 0.5)}   p99 ${against(times, quiet, 0.99)}`,
      );
  } finally {
    await setPolicy(connect(), { incidents: AMPLE_INCIDENTS });
    await playground.close();
  }
}

const against = (times: readonly number[], quiet: readonly number[], share: number): string =>
  `${percentile(times, share).toFixed(1).padStart(7)} ms (${(percentile(times, share) / percentile(quiet, share)).toFixed(2)})`;

const said = ({ statuses }: { statuses: ReadonlyMap<number, number> }): string =>
  [...statuses].map(([status, count]) => `${count} with ${status}`).join(', ');

/** One event of each of many pods in a namespace that no earlier round had. */
const crowd = (round: number, subjects: number): Promise<string[]> =>
  Promise.all(Array.from({ length: subjects }, (_, index) => noise(`crowd-${round}`, `many-${index}`, randomUUID())));

/** An alert about a pod that does not exist, which nobody acts on. */
async function noise(namespace: string, pod: string, uid: string): Promise<string> {
  const alert = await loadAlert('escalate-test');
  alert.output_fields['k8s.ns.name'] = namespace;
  alert.output_fields['k8s.pod.name'] = pod;
  return freshAlert(alert, now(uid));
}

const events = (bodies: readonly string[], count: number): string[] =>
  Array.from({ length: count }, (_, index) => bodies[index % bodies.length] ?? '');

/** Contains one alert after the other for as long as something goes on. */
async function during<T>(playground: Playground, going: Promise<T>): Promise<[number[], T]> {
  const times: number[] = [];
  let isOver = false as boolean;
  const over = going.finally(() => (isOver = true));
  while (!isOver) times.push(await playground.contain(WEBHOOK_PATH));
  return [times, await over];
}

function print(what: string, costs: Costs): void {
  console.log(`\n${what}`);
  console.log(`  incidents made   ${costs.incidents}`);
  console.log(`  executions       ${costs.executions}, the contained pods' included`);
  console.log(`  approvals        ${costs.approvals}`);
  console.log(`  API writes       ${costs.writes}`);
  console.log(`  etcd             ${(costs.etcdBytes / 1e6).toFixed(1)} MB more`);
  const [resident, used] = [costs.n8nBytes / 1e6, costs.n8nHeapBytes / 1e6];
  console.log(
    `  n8n's memory     ${resident.toFixed(0)} MB more resident, ${used.toFixed(1)} MB more in use after a collection`,
  );
}

await main(readCommandLine(readSizes));
process.exit();
