import type { Related } from '../../core/incident/incidentLink';
import { alertOf } from './alerts';

/** An earlier incident of the recorded alert's workload, five minutes before it. */
export function relatedOf(rule: string, change: Partial<Related> & { minutesBefore?: number } = {}): Related {
  const { minutesBefore = 5, ...rest } = change;
  const at = new Date(Date.parse(alertOf('pod-quarantine-test').time) - minutesBefore * 60_000).toISOString();
  return {
    incident: `earlier-${rule.length}`,
    source: 'falco',
    rule,
    priority: 'notice',
    subject: 'Deployment playground/web',
    sameSubject: true,
    state: 'Open',
    count: 1,
    firstSeen: at,
    lastSeen: at,
    ...rest,
  };
}
