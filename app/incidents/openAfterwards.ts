import { repeatsOf, withRepeats } from '../../core/folding/events';
import { afterPass } from '../../core/folding/fold';
import { incidentName, podKey } from '../../core/folding/key';
import { afterOutcome } from '../../core/folding/outcome';
import { specOf, stormAt } from '../../core/folding/storm';
import type { Incident } from '../../core/incident/incident';
import { type IncidentStatus, RECORD_LIMITS } from '../../core/incident/incidentRecord';
import { currentRecords } from './current';
import type { IncidentStore } from './ports';
import { updateIncident } from './updateIncident';

/** What is not known of a pass counts as the most that it may have cost. */
const UNKNOWN_COST = { model: true, notify: true };

/**
 * Opens the incident of an alert that started the workflow without one, because incidents could not be kept at that moment. So
 * its repeats are counted, and it is not taken for one that never reached n8n. Only of Falco's alerts, which are looked for;
 * not in a storm, whose bounds hold here too.
 * @returns where the incident stands; null where none was opened
 */
export async function openAfterwards(
  store: IncidentStore,
  incident: Incident,
  now: Date,
): Promise<IncidentStatus | null> {
  const { alert } = incident;
  if (store.settledBy !== 'workflow' || alert.source !== 'falco' || alert.trust !== 'kernel') return null;
  const about = await store.subjectOf(alert);
  const { name: exception } = await store.exceptionOf(alert, now);
  const bounds = await store.bounds();
  if (stormAt(alert, about, await currentRecords(store, { bounds, now }), bounds, now) !== null) return null;
  const status = afterOutcome(afterPass(null, alert, 'opened', UNKNOWN_COST, now), incident, now);
  const name = incidentName(alert, about, exception);
  if ((await store.create(name, specOf(alert, about, status))) !== null) return status;
  // Another event opened it, before or since.
  await updateIncident(store, name, (current) => heard(current, incident));
  return null;
}

function heard(current: IncidentStatus, { alert }: Incident): IncidentStatus {
  const pods = [...new Set([...current.pods, podKey(alert)])].filter((pod) => pod !== '');
  return { ...withRepeats(current, repeatsOf(alert, 1)), pods: pods.slice(-RECORD_LIMITS.pods) };
}
