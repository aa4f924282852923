import { usageAround } from '../../core/folding/bounds';
import { lostAfterMs } from '../../core/folding/byTime';
import { repeatsOf } from '../../core/folding/events';
import { withDeliveries } from '../../core/folding/deliveries';
import { afterPass, novelty } from '../../core/folding/fold';
import { incidentName } from '../../core/folding/key';
import { specOf, stormAt } from '../../core/folding/storm';
import { isHeartbeat } from '../../core/incident/heartbeat';
import { type Admission, type AdmissionPorts, type Arrival, admitted, begun, stored } from './admission';
import { allowedCost } from './allowedCost';
import { currentRecords, currentStatus } from './current';
import { answeredBefore, heard } from './delivered';
import { linked } from './link';
import { inStorm } from './storm';

/**
 * Finds or opens an alert's incident, and decides whether the alert starts the workflow or is only counted.
 * @throws PipelineError when the store cannot be asked; the alert then belongs to no incident
 */
export function admit(ports: AdmissionPorts, arrival: Arrival, now: Date): Promise<Admission> {
  return admitted(arrival.alert, () => tryOnce(ports, arrival, now));
}

/** Null when another worker was faster. */
async function tryOnce(ports: AdmissionPorts, arrival: Arrival, now: Date): Promise<Admission | null> {
  const { store, repeats } = ports;
  const { alert, others, delivery } = arrival;
  const about = await store.subjectOf(alert);
  const { name: exception, isPossible } = await store.exceptionOf(alert, now);
  const isAlike = !isPossible;
  const name = incidentName(alert, about, exception);
  const record = await store.peek(name);
  const bounds = await store.bounds();
  const before = currentStatus(ports, record, alert, { bounds, now });
  const lostMs = lostAfterMs(store.settledBy, bounds);
  const duplicate = answeredBefore(before, delivery, now, lostMs);
  if (duplicate !== null) return { incident: duplicate.incident, passing: [], isAlike, duplicate };
  const novel = novelty(before, alert, bounds, now, lostMs);
  if (novel === null) {
    const incident = before?.incident ?? alert.id;
    const deliveries = heard(delivery, { incident, repeated: true });
    repeats.add(name, { ...repeatsOf(alert, 1 + others), deliveries });
    return { incident, passing: [], isAlike };
  }
  const all = await currentRecords(store, { bounds, now });
  // A storm, too, is no reason to miss heartbeats, which have one incident together.
  const mayBeTooMany = record === null && !isHeartbeat(alert);
  const storm = mayBeTooMany ? stormAt(alert, about, all, bounds, now) : null;
  if (storm !== null) return inStorm(ports, arrival, storm, { bounds, all, now, isAlike });
  const allowed = allowedCost(ports, alert, before, usageAround(alert, all, now), { bounds, now });
  const passed = afterPass(before, alert, novel.why, allowed, now);
  const after = withDeliveries(passed, heard(delivery, { incident: passed.incident }));
  const passing = [linked(alert, { name, about, before, after, exception }, novel, all, now)];
  if (!(await stored(ports, record, name, specOf(alert, about, begun(store, after, passing))))) return null;
  if (others > 0) repeats.add(name, repeatsOf(alert, others));
  return { incident: after.incident, passing, isAlike };
}
