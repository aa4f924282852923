import fc from 'fast-check';

import { type Alert, alertSchema } from '../../core/incident/alert';
import { normaliseAlerts } from '../../core/alert/normalise';
import { PipelineError } from '../../core/errors';
import { RECEIVED_AT } from './alerts';

/**
 * Holds of every such body from a detector: it is refused by an error of ours, or read as well-formed alerts of the
 * trust class report, whose targets have Kubernetes names. What else holds of the alerts, `also` says.
 */
export function expectOfAny<T>(bodies: fc.Arbitrary<T>, also: (body: T, alerts: Alert[]) => void = () => undefined) {
  fc.assert(
    fc.property(bodies, (body) => {
      let alerts: Alert[];
      try {
        ({ alerts } = normaliseAlerts(body, RECEIVED_AT, 'reports'));
      } catch (error) {
        expect(error).toBeInstanceOf(PipelineError);
        return;
      }
      for (const alert of alerts) {
        expect(alertSchema.safeParse(alert).success).toBe(true);
        expect(alert.trust).toBe('report');
        expect(alert.target === null || /^[a-z0-9.-]+$/.test(alert.target.namespace + alert.target.pod)).toBe(true);
      }
      also(body, alerts);
    }),
  );
}
