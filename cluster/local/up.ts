import { mkdir } from 'node:fs/promises';
import { record } from './log/runLog.js';
import { check, missing } from './preflight.js';
import { BUILT, CACHE, N8N_TEMPORARY, STATE } from './paths.js';
import { componentsOf, makePlan, type Plan } from './plan.js';
import { OUTSIDE } from './postgresql/component.js';
import { preview } from './preview.js';
import { processes } from './process/supervisor.js';
import { chooseProfile, type Wanted } from './profile.js';
import { hasSimulators } from './simulators/component.js';
import { saveStack, stackOf, type Stack } from './stack.js';
import { stepsOf } from './stepsOf.js';
import { about } from './steps/duration.js';
import { runSteps, show } from './steps/show.js';
import { begin, expectedSeconds, type Running, type Step } from './steps/steps.js';
import type { Token } from './kubernetes/token.js';

export interface Started {
  stack: Stack;
  token: Token;
}

/** A stack that decides on alerts. */
export interface Deciding extends Started {
  /** Shows how Loki and Prometheus are made available, which began with the rest, until they are healthy. */
  monitoring: () => Promise<void>;
}

export interface Options extends Wanted {
  simulators?: boolean;
  /** Builds the servers from source instead of downloading their releases. */
  fromSource?: boolean | undefined;
}

/** Brings the whole stack up, from whatever state it is in. Returns when every part of it is healthy. */
export async function up(options: Options = {}): Promise<Started> {
  const { monitoring, ...started } = await upToDecisions(options);
  await monitoring();
  return started;
}

/**
 * Brings up what an alert needs to be decided and acted on: n8n, Kubernetes and Pushgateway. Loki and Prometheus take longest
 * where they are built from source, and only show an incident afterwards: they are made available meanwhile.
 */
export async function upToDecisions(options: Options = {}): Promise<Deciding> {
  const { simulators = false, fromSource = false, ...wanted } = options;
  // What is written from here on, also by the servers, is for the stack's owner alone.
  process.umask(0o077);
  await mkdir(N8N_TEMPORARY, { recursive: true, mode: 0o700 });
  const profile = await chooseProfile(wanted);
  const plan = await makePlan(profile, simulators || hasSimulators(), fromSource);
  await printPreview(plan);
  const hints: string[] = [];
  await runSteps([{ title: 'Check the machine', run: async () => void hints.push(...(await check(plan))) }]);
  for (const hint of hints) console.log(`  ${hint}`);

  const { deciding, monitoring, token } = await stepsOf(plan);
  printExpectation(deciding, monitoring);
  const running = begin([...deciding, ...monitoring]);
  const these = (steps: Step[]): Running[] => steps.flatMap((step) => running.get(step) ?? []);
  await show(these(deciding));
  const stack = stackOf(plan);
  await saveStack(stack);
  return { stack, token: token(), monitoring: () => show(these(monitoring)) };
}

async function printPreview(plan: Plan): Promise<void> {
  const { servers, n8n } = await missing(plan);
  const online = new Set((await processes()).filter(({ status }) => status === 'online').map(({ name }) => name));
  const names = componentsOf(plan).map(({ name }) => name);
  const stopped = names.filter((name) => !online.has(name));
  const text = preview({
    missing: servers,
    fromSource: plan.fromSource,
    n8n,
    stopped,
    running: names.length - stopped.length,
    cache: CACHE,
    built: BUILT,
    state: STATE,
    database: plan.queue === undefined ? undefined : OUTSIDE,
  });
  console.log(text);
  record(text.trim());
}

/** Where a build from source or n8n's installation is ahead. */
function printExpectation(deciding: Step[], monitoring: Step[]): void {
  const [first, all] = [expectedSeconds(deciding), expectedSeconds(monitoring)];
  if (first > 60) console.log(`  Expected: ${about(first)} until n8n decides, if the servers are built from source.`);
  if (all > 60) console.log(`  Expected: ${about(Math.max(first, all))} until Loki and Prometheus run, likewise.`);
}
