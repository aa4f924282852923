import { relatedTo } from '../../core/folding/related';
import { isExhausted, lostPasses, STARTS, withStarted } from '../../core/folding/unfinished';
import { type Alert, alertSchema } from '../../core/incident/alert';
import { mayStillAct } from '../../core/incident/late';
import { type IncidentRecord, statusOf, type UnfinishedPass } from '../../core/incident/incidentRecord';
import type { IncidentStore } from './ports';
import { PORTION } from './room';

/** What is done about passes that have no end. */
export interface StartedAgain {
  /** Alerts with which the workflow is to be started again. */
  again: Alert[];
  /**
   * Alerts with which it was started as often as it may be: a person has to look at them. They are given again, after twice the
   * time each, until `recordOutcome` notes that the person was notified.
   */
  givenUp: Alert[];
}

/**
 * Finds the passes whose process was killed, a portion of them and the longest lost first, and notes that they are started again or
 * handed to a person. Of several processes that look at the same time, one gets a pass. `hasRoom` is asked only when there is one.
 * @throws PipelineError when the store cannot be asked
 */
export async function startAgain(
  store: Pick<IncidentStore, 'all' | 'update'>,
  now: Date,
  lostAfterMs: number = STARTS.lostAfterMs,
  hasRoom: () => Promise<boolean> = () => Promise.resolve(true),
): Promise<StartedAgain> {
  const all = await store.all();
  const lost = all
    .flatMap((record) =>
      lostPasses(statusOf(record), now, lostAfterMs).flatMap((pass) => {
        const alert = readAlert(pass);
        return alert === null ? [] : [{ name: record.metadata.name, pass, alert }];
      }),
    )
    .sort((one, other) => (one.pass.at < other.pass.at ? -1 : 1))
    .slice(0, PORTION);
  const started: StartedAgain = { again: [], givenUp: [] };
  if (lost.length === 0 || !(await hasRoom())) return started;
  const records = new Map(all.map((record) => [record.metadata.name, record]));
  for (const { name, pass, alert } of lost) {
    const record = records.get(name);
    const written = record && (await store.update(record, withStarted(statusOf(record), pass, now)));
    // Another process was faster, or its end came at this moment: the next look knows more.
    if (written == null) continue;
    records.set(name, written);
    (isExhausted(pass) ? started.givenUp : started.again).push(late(alert, pass, written, all, now));
  }
  return started;
}

/** Null for what somebody wrote by hand: the incident stays open, so that its next event starts the workflow. */
function readAlert({ alert }: UnfinishedPass): Alert | null {
  try {
    return alertSchema.parse(JSON.parse(alert));
  } catch {
    return null;
  }
}

function late(
  alert: Alert,
  pass: UnfinishedPass,
  { metadata, spec }: IncidentRecord,
  all: readonly IncidentRecord[],
  now: Date,
): Alert {
  const { incident, receivedAt } = alert;
  const about = { ...spec.subject, namespace: spec.subject.namespace ?? null };
  return {
    ...alert,
    ...(incident?.at === undefined ? {} : { incident: { ...incident, at: now.toISOString() } }),
    late: {
      why: 'unfinished',
      tries: isExhausted(pass) ? pass.starts : pass.starts + 1,
      acts: mayStillAct(receivedAt, now),
    },
    related: relatedTo({ name: metadata.name, about }, all, now),
  };
}
