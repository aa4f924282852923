import { usageAround } from '../../core/folding/bounds';
import { lostAfterMs } from '../../core/folding/byTime';
import { stormEvents, tallied } from '../../core/folding/events';
import { afterPass, isLost, type Novelty, withinPasses } from '../../core/folding/fold';
import { podKey, stormName } from '../../core/folding/key';
import { passKey } from '../../core/folding/unfinished';
import { specOf, type Storm, stormAlert, stormSubject } from '../../core/folding/storm';
import type { Alert } from '../../core/incident/alert';
import type { IncidentRecord, IncidentStatus, PassReason } from '../../core/incident/incidentRecord';
import { type Admission, type AdmissionPorts, type Arrival, admitted, begun, stored } from './admission';
import { allowedCost } from './allowedCost';
import { currentStatus, type Moment } from './current';
import { linked } from './link';

interface Circumstances extends Moment {
  all: readonly IncidentRecord[];
  isAlike: boolean;
}

/** An alert that came on top, and the incident of the storm as it stands. */
interface OnTop extends Arrival {
  storm: Storm;
  circumstances: Circumstances;
  name: string;
  record: IncidentRecord | null;
  before: IncidentStatus | null;
}

/**
 * There are too many incidents: one of their namespace's tells a person, once, and counts them by rule and subject. What
 * the playbook acts on still gets through, once for each pod. Null when another worker was faster.
 */
export async function inStorm(
  ports: AdmissionPorts,
  arrival: Arrival,
  storm: Storm,
  circumstances: Circumstances,
): Promise<Admission | null> {
  const { alert } = arrival;
  const { bounds, now } = circumstances;
  const name = stormName(storm.namespace, storm.origin);
  const record = await ports.store.peek(name);
  const before = currentStatus(ports, record, alert, circumstances);
  const onTop: OnTop = { ...arrival, storm, circumstances, name, record, before };
  const why = whyNotified(before, now, lostAfterMs(ports.store.settledBy, bounds));
  if (why !== null) {
    const notice = stormAlert(alert, storm);
    const novel = withinPasses(before, notice, why, bounds, now);
    return novel === null ? countedOnly(ports, onTop) : notify(ports, onTop, notice, novel);
  }
  const acts = before !== null && isNewPod(before.pods, alert) && ports.acts(alert);
  const novel = acts ? withinPasses(before, alert, 'acts', bounds, now) : null;
  return novel === null ? countedOnly(ports, onTop) : act(ports, onTop, novel);
}

/** The storm itself, which a person has to look at. */
async function notify(ports: AdmissionPorts, onTop: OnTop, notice: Alert, novel: Novelty): Promise<Admission | null> {
  const { alert, others, storm, circumstances } = onTop;
  const cost = costOf(ports, onTop, notice);
  const after = await storedPass(ports, onTop, notice, novel.why, cost, (status) => [
    link(onTop, notice, novel, status),
  ]);
  if (after === null) return null;
  const { passing } = after;
  const { isAlike } = circumstances;
  if (ports.acts(alert)) {
    const acting = await admitted(alert, () => inStorm(ports, onTop, storm, circumstances));
    return { incident: after.incident, passing: [...passing, ...acting.passing], isAlike };
  }
  if (others > 0) ports.repeats.add(onTop.name, stormEvents(alert, others));
  return { incident: after.incident, passing, isAlike };
}

/** An alert on which the playbook acts. With the last one of the hour a person is told that no more gets through. */
async function act(ports: AdmissionPorts, onTop: OnTop, novel: Novelty): Promise<Admission | null> {
  const { alert, others, storm, circumstances } = onTop;
  const notice = novel.bound === null ? null : stormAlert(alert, storm, circumstances.bounds.passesPerHour);
  const cost = notice === null ? FREE : { ...FREE, notify: costOf(ports, onTop, notice).notify };
  const after = await storedPass(ports, onTop, alert, novel.why, cost, (status) => [
    ...(notice === null ? [] : [link(onTop, notice, { ...novel, why: 'storm' }, status)]),
    ownId(link(onTop, alert, novel, status), alert, status),
  ]);
  if (after === null) return null;
  if (others > 0) ports.repeats.add(onTop.name, stormEvents(alert, others));
  return { ...after, isAlike: circumstances.isAlike };
}

/** It keeps its own id: it is not the storm that is acted on, and the notice is all that a person is sent. */
function ownId(acting: Alert, { id }: Alert, status: IncidentStatus): Alert {
  const { incident } = acting;
  return { ...acting, id, ...(incident && { incident: { ...incident, key: passKey(status, id), notify: false } }) };
}

/** In a storm nothing but the storm itself asks a model or notifies anybody. */
const FREE = { model: false, notify: false };

function costOf(ports: AdmissionPorts, { alert, before, circumstances }: OnTop, notice: Alert) {
  const usage = usageAround(alert, circumstances.all, circumstances.now);
  return allowedCost(ports, notice, before, usage, circumstances);
}

/** What passes with this alert, and the storm's id, if the pass could be stored. */
async function storedPass(
  ports: AdmissionPorts,
  { alert, storm, circumstances, name, record, before }: OnTop,
  about: Alert,
  why: PassReason,
  cost: { model: boolean; notify: boolean },
  alertsOf: (status: IncidentStatus) => Alert[],
): Promise<Pick<Admission, 'incident' | 'passing'> | null> {
  const after = tallied(afterPass(before, about, why, cost, circumstances.now), alert);
  const passing = alertsOf(after);
  const spec = specOf(about, stormSubject(storm), begun(ports.store, after, passing));
  return (await stored(ports, record, name, spec)) ? { incident: after.incident, passing } : null;
}

function link(
  { name, storm, before, circumstances }: OnTop,
  alert: Alert,
  novel: Novelty,
  after: IncidentStatus,
): Alert {
  const membership = { name, about: stormSubject(storm), before, after };
  return linked(alert, membership, novel, circumstances.all, circumstances.now);
}

function countedOnly({ repeats }: AdmissionPorts, { alert, others, name, before, circumstances }: OnTop): Admission {
  repeats.add(name, stormEvents(alert, 1 + others));
  return { incident: before?.incident ?? alert.id, passing: [], isAlike: circumstances.isAlike };
}

/** Why a person is notified of the storm now; null when one was notified. */
function whyNotified(before: IncidentStatus | null, now: Date, lostMs: number): PassReason | null {
  if (before === null) return 'storm';
  if (before.state === 'Settled') return 'reopened';
  return isLost(before, now, lostMs) ? 'retried' : null;
}

function isNewPod(pods: readonly string[], alert: Alert): boolean {
  const pod = podKey(alert);
  return pod !== '' && !pods.includes(pod);
}
