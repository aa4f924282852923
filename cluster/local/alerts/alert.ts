import type { Decision } from '../../../core/incident/decision.js';
import { type AlertFile, freshAlert, now } from './alertFiles.js';
import { messageOf } from '../errors.js';
import { printAndRecord, record } from '../log/runLog.js';
import {
  EXPECTED_STATE,
  findLogLine,
  podState,
  pushedDecisions,
  scrapedDecisions,
  type PodState,
} from '../scenarios/follow.js';
import { connect, freshPod } from '../kubernetes/client.js';
import { countedRepeat, decided, incidentCounts } from './incidentStatus.js';
import { sendAlert } from './sendAlert.js';
import type { Stack } from '../stack.js';
import { duration } from '../steps/duration.js';
import { until } from '../process/wait.js';

const FOLLOW_SECONDS = 30;
/** What Loki did not take, since it did not run yet, n8n sends again once a minute. */
const LOG_LINE_SECONDS = 100;

/** One result of an incident: what was found, or where to look if nothing was. */
interface Trace {
  what: string;
  where: string;
  found: Promise<string>;
}

/**
 * Sends one of the recorded alerts at a fresh pod and follows it to its end: what was decided and done, then what Prometheus
 * and Loki have of it.
 * @param monitoring resolves when Prometheus and Loki run
 * @returns whether all was found: the decision, its effect on the pod, the metric, the log line
 */
export async function alert(stack: Stack, recorded: AlertFile, monitoring: () => Promise<void>): Promise<boolean> {
  const pod = recorded.output_fields['k8s.pod.name'];
  const cluster = connect();
  const uid = (await freshPod(cluster, pod)).metadata?.uid ?? '';
  const before = await pushedDecisions(stack);
  const known = await incidentCounts(cluster);
  const body = freshAlert(recorded, now(uid));

  const [posted, since] = [performance.now(), new Date()];
  const elapsed = (): number => (performance.now() - posted) / 1000;
  const { incident, isRepeat } = await sendAlert(stack, body);
  print(elapsed(), `accepted as incident ${incident}`);
  if (isRepeat) {
    const { count, state, reason } = await countedRepeat(cluster, incident, known.get(incident) ?? 0);
    print(elapsed(), `nothing new: event ${count} of an incident that is ${state}: ${reason}`);
    await monitoring();
    return true;
  }

  const record = until('The decision', FOLLOW_SECONDS, () => decided(cluster, incident, since));
  const decision = record.then((status) => status.decision);
  const { n8n, loki, prometheus, pushgateway } = stack.urls;
  const isDecided = await followed(elapsed, [
    {
      what: 'decision',
      where: `the executions in ${n8n}`,
      found: record.then((status) => `${status.decision}; the incident is ${status.state}: ${status.reason}`),
    },
    {
      what: 'pod',
      where: `kubectl --kubeconfig ${stack.kubeconfig} -n playground get pod ${pod} -o yaml, and ${stack.auditLog}`,
      found: followPod(decision, () => podState(cluster, pod, uid), elapsed),
    },
  ]);
  console.log(`          This was ${duration(performance.now() / 1000)} after the start of the command.`);
  await monitoring();
  const line = until('The log line', LOG_LINE_SECONDS, () => findLogLine(stack, incident, since));
  const isShown = await followed(elapsed, [
    {
      what: 'metric',
      where: `${pushgateway}/metrics, then ${prometheus}/api/v1/targets`,
      found: decision.then((taken) => followMetric(stack, taken, before.get(taken) ?? 0)),
    },
    {
      what: 'log line',
      where: `${loki}/ready, and the Loki Push node in ${n8n}`,
      found: line.then(
        (logged) =>
          `in Loki, ${JSON.stringify(logged).length} characters, ${logged.classification}: ${logged.reason ?? 'no reason given'}`,
      ),
    },
  ]);
  return isDecided && isShown;
}

function print(seconds: number, text: string): void {
  printAndRecord(`${seconds.toFixed(2).padStart(6)} s  ${text}`);
}

/** Prints each trace as soon as it is found. Returns whether all were. */
async function followed(elapsed: () => number, traces: Trace[]): Promise<boolean> {
  const outcomes = await Promise.all(
    traces.map(async ({ what, where, found }) => {
      try {
        const text = await found;
        print(elapsed(), `${what}: ${text}`);
        return true;
      } catch (error) {
        const text = `${elapsed().toFixed(2).padStart(6)} s  ${what}: MISSING. ${messageOf(error)}\n          Look at ${where}`;
        console.error(text);
        record(text.trim());
        return false;
      }
    }),
  );
  return outcomes.every(Boolean);
}

/** Waits until the pod's state matches the decision; returns since when, which may be before the decision is logged. */
async function followPod(
  decision: Promise<Decision>,
  look: () => Promise<PodState>,
  elapsed: () => number,
): Promise<string> {
  const firstSeen = new Map<PodState, number>();
  let taken: Decision | undefined;
  decision.then(
    (known) => (taken = known),
    () => undefined,
  );
  return until("The decision's effect on the pod", FOLLOW_SECONDS, async () => {
    const state = await look();
    const since = firstSeen.get(state) ?? elapsed();
    firstSeen.set(state, since);
    if (taken === undefined) throw new Error(`it is ${state}, and there is no decision yet`);
    if (state !== EXPECTED_STATE[taken]) throw new Error(`it is ${state}, but ${taken} means ${EXPECTED_STATE[taken]}`);
    return state === 'untouched' ? state : `${state}, seen ${since.toFixed(2)} s after the alert`;
  });
}

/** Waits until Prometheus has counted one more than the Pushgateway had before. */
async function followMetric(stack: Stack, decision: Decision, before: number): Promise<string> {
  return until("The decision's counter in Prometheus", FOLLOW_SECONDS, async () => {
    const value = await scrapedDecisions(stack, decision);
    if (value <= before) throw new Error(`${decision} is still at ${value}`);
    return `${decision} went from ${before} to ${value} in Prometheus`;
  });
}
