import { allowance, type Usage } from '../../core/folding/bounds';
import { stormEvents, tallied } from '../../core/folding/events';
import { lostAfterMs } from '../../core/folding/byTime';
import { afterPass, isLost, withinPasses } from '../../core/folding/fold';
import { podKey, stormName } from '../../core/folding/key';
import { specOf, type Storm, stormAlert, stormSubject } from '../../core/folding/storm';
import type { Alert } from '../../core/incident/alert';
import type { IncidentRecord, IncidentStatus, PassReason } from '../../core/incident/incidentRecord';
import type { IncidentBounds } from '../../core/incident/responsePolicy';
import { type Admission, type AdmissionPorts, type Arrival, admitted, stored } from './admission';
import { currentStatus } from './current';
import { linked } from './link';

interface Circumstances {
  bounds: IncidentBounds;
  usage: Usage;
  all: readonly IncidentRecord[];
  now: Date;
  isAlike: boolean;
}

/** In a storm nothing but the storm itself asks a model or notifies anybody. */
const FREE = { model: false, notify: false };

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
  const { store, repeats } = ports;
  const { alert, others } = arrival;
  const { bounds, usage, all, now, isAlike } = circumstances;
  const name = stormName(storm.namespace, storm.trust);
  const record = await store.peek(name);
  const before = currentStatus(ports, record, alert, { bounds, now });
  const countOthers = (): void => {
    if (others > 0) repeats.add(name, stormEvents(alert, others));
  };
  const membership = { name, about: stormSubject(storm), before };
  const why = whyNotified(before, now, lostAfterMs(store.settledBy, bounds));
  if (why !== null) {
    const noticed = stormAlert(alert, storm);
    const novel = withinPasses(before, noticed, why, bounds, now);
    if (novel !== null) {
      const after = tallied(afterPass(before, noticed, why, allowance(before, usage, bounds, now), now), alert);
      if (!(await stored(ports, record, name, specOf(noticed, membership.about, after)))) return null;
      const told = linked(noticed, { ...membership, after }, novel, all, now);
      if (!ports.acts(alert)) {
        countOthers();
        return { incident: after.incident, passing: [told], isAlike };
      }
      const acting = await admitted(alert, () => inStorm(ports, arrival, storm, circumstances));
      return { incident: after.incident, passing: [told, ...acting.passing], isAlike };
    }
  } else if (before !== null && isNewPod(before.pods, alert) && ports.acts(alert)) {
    const novel = withinPasses(before, alert, 'acts', bounds, now);
    if (novel !== null) {
      const after = tallied(afterPass(before, alert, 'acts', FREE, now), alert);
      if (!(await stored(ports, record, name, specOf(alert, membership.about, after)))) return null;
      countOthers();
      // It keeps its own id: it is not the storm that is acted on.
      const acting = { ...linked(alert, { ...membership, after }, novel, all, now), id: alert.id };
      return { incident: after.incident, passing: [acting], isAlike };
    }
  }
  repeats.add(name, stormEvents(alert, 1 + others));
  return { incident: before?.incident ?? alert.id, passing: [], isAlike };
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
