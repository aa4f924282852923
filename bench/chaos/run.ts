import { setTimeout as pause } from 'node:timers/promises';

import { connect } from '../../cluster/local/kubernetes/client.js';
import { outputsOf } from '../../cluster/local/n8n/outputs.js';
import { componentsOf, makePlan } from '../../cluster/local/plan.js';
import { currentProfile } from '../../cluster/local/profile.js';
import type { Stack } from '../../cluster/local/stack.js';
import { AMPLE, setPolicy } from '../../tests/e2e/support/policy.js';
import { planAlerts } from './alerts.js';
import { AuditTail } from './auditTail.js';
import { giveClocks, withClocks } from './clock/clocks.js';
import { countedIncidents } from './counters.js';
import { DecisionLog } from './decisions.js';
import { FalcoOutput } from './falcoOutput.js';
import { carryOut } from './faults.js';
import { closeNamespaces, forgetObjects, openNamespaces } from './namespaces.js';
import type { Options, ProfileName } from './options.js';
import { partsOf } from './parts.js';
import { untilDelivered, untilQuiet } from './quiet.js';
import { LOST_AFTER_MINUTES, makeReconcile } from './reconcile.js';
import type { Findings } from './report.js';
import { schedule } from './schedule.js';
import { seeded } from './seeded.js';
import { sendAll } from './send.js';
import { Sender } from './sender.js';
import { outcomesOf, tallyOf } from './tally.js';

/** Units are given back soon: what is measured is what faults cost, not the budget. */
const BUDGET = { ...AMPLE, windowMinutes: 1 };
const AUDIT_POLL_MS = 500;
const RECONCILE_ROUNDS = 2;
/** Alerts before those that count: n8n loads and compiles for its first executions, which would wait in line at the first fault. */
const WARM_UP = 24;
const WARM_UP_SECONDS = 60;
/** A line of a process whose clock was behind has a time before the run. */
const CLOCK_MARGIN_MS = 2 * 3_600_000;

/** Sends alerts to a stack while its parts fail, and finds out what became of them. */
export async function run(
  stack: Stack,
  profile: ProfileName,
  options: Options,
  signal: AbortSignal,
): Promise<Findings> {
  const cluster = connect();
  const plan = await makePlan(await currentProfile(), false);
  const clocks = options.faults.includes('clock');
  if (clocks) await giveClocks(plan);
  await forgetObjects();
  await setPolicy(cluster, { budget: BUDGET });
  const namespaces = await openNamespaces(cluster, options.alerts + WARM_UP);
  const before = await countedIncidents(stack.urls.pushgateway);
  const audit = await AuditTail.start(stack.auditLog);
  const reading = setInterval(() => void audit.read().catch(() => undefined), AUDIT_POLL_MS);
  const sender = new Sender(stack);
  const stream = `falco-chaos-${Date.now()}`;
  // Whichever of sending and killing fails ends the other.
  const failed = new AbortController();
  const ended = AbortSignal.any([signal, failed.signal]);
  const falco = new FalcoOutput(stack.urls.loki, stream, ended);
  const began = Date.now();
  const log = new DecisionLog(stack.urls.loki, began);
  const all = clocks ? new DecisionLog(stack.urls.loki, began - CLOCK_MARGIN_MS) : log;
  try {
    const alerts = planAlerts(seeded(options.seed + 1), options.alerts + WARM_UP, namespaces);
    const [warmUp, planned] = [alerts.slice(0, WARM_UP), alerts.slice(WARM_UP)];
    const sending = { cluster, sender, falco, rate: options.rate, signal: ended };
    const first = await sendAll(warmUp, sending, performance.now());
    await untilQuiet(log, WARM_UP, WARM_UP_SECONDS);
    const durationMs = (options.alerts / options.rate) * 1000;
    const faults = schedule(
      seeded(options.seed),
      partsOf(plan, options.faults),
      durationMs,
      options.faultSeconds * 1000,
    );
    const components = clocks ? withClocks(plan) : componentsOf(plan);
    const begin = performance.now();
    const [rest, done] = await Promise.all([
      sendAll(planned, sending, begin),
      carryOut(faults, components, begin, ended),
    ]);
    const sent = [...first, ...rest];
    await falco.sent();
    const accepted = sent.filter((alert) => alert.accepted).length;
    await untilQuiet(log, accepted, options.quietSeconds);
    const uids = new Set<string | null>(sent.map(({ podUid }) => podUid));
    const decisions = async () => (await all.read()).filter(({ podUid, at }) => at >= began || uids.has(podUid));
    const lost = async () => tallyOf(outcomesOf(sent, await decisions(), [], undefined)).lost;
    const reconciledAt = await reconcile(stack, stream, { log, lost, quietSeconds: options.quietSeconds });
    const outcomes = async () => outcomesOf(sent, await decisions(), audit.acts, reconciledAt);
    const incidentsNow = async () => new Set((await decisions()).map(({ incident }) => incident)).size;
    const countedNow = async () => (await countedIncidents(stack.urls.pushgateway)) - before;
    const waiting = await untilDelivered(outputsOf(plan), options.quietSeconds, async () => {
      return (await countedNow()) === (await incidentsNow());
    });
    await audit.read();
    return {
      profile,
      outcomes: await outcomes(),
      faults: done,
      acts: audit.acts,
      counted: await countedNow(),
      incidents: await incidentsNow(),
      waiting,
      failures: (await log.count()).failures,
    };
  } finally {
    failed.abort();
    clearInterval(reading);
    await Promise.allSettled([audit.close(), sender.close(), closeNamespaces(cluster, namespaces), forgetObjects()]);
    await setPolicy(cluster, { budget: { ...AMPLE, windowMinutes: null } }).catch(() => undefined);
  }
}

interface Judge {
  log: DecisionLog;
  /** How many alerts have no decision. */
  lost: () => Promise<number>;
  quietSeconds: number;
}

/** Up to two rounds, each until nothing more is decided. Returns when the first began. */
async function reconcile(stack: Stack, stream: string, { log, lost, quietSeconds }: Judge): Promise<number> {
  const workflow = await makeReconcile(stack, stream);
  try {
    // What was sent last is lost only then.
    await pause(Math.max(0, LOST_AFTER_MINUTES * 60 + 5 - quietSeconds) * 1000);
    const began = Date.now();
    for (let round = 0; round < RECONCILE_ROUNDS && (await lost()) > 0; round += 1) {
      await workflow.run();
      await untilQuiet(log, Infinity, quietSeconds);
    }
    return began;
  } finally {
    await workflow.remove();
  }
}
