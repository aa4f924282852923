import type { Alert } from '../incident/alert';
import { mayStillAct } from '../incident/late';
import { SENDER_TRUST } from '../sources/senders';
import { falcoEventSchema } from './falcoLine';
import { normaliseAlerts } from './normalise';

/**
 * The alert of an event that was read from Loki, as late; null for what is no event of Falco's. It has the id that it would
 * have had if Falcosidekick had sent it, and nothing that only Falcosidekick adds.
 * @param isAuthenticated whether only Falco's own output gets into the stream. Otherwise anybody in the cluster may have
 * written the event, and it is a report.
 */
export function missedAlert(said: unknown, receivedAt: Date, isAuthenticated: boolean): Alert | null {
  const { data } = falcoEventSchema.safeParse(said);
  if (data === undefined) return null;
  const [alert] = normaliseAlerts(data, receivedAt, 'falcosidekick').alerts;
  if (alert === undefined) return null;
  const { finding: _observed, ...rest } = alert;
  return {
    ...rest,
    trust: isAuthenticated ? SENDER_TRUST.falcosidekick : 'report',
    infrastructure: {},
    synthetic: false,
    late: { why: 'missed', tries: 1, acts: mayStillAct(alert.time, receivedAt) },
  };
}
