import type { Exception, ExceptionSpec } from '../../core/incident/exception';
import type { ObservedPod } from '../../core/policy/exceptions/match';
import { RECEIVED_AT } from './alerts';

export const DAY_MS = 24 * 3_600_000;
export const UID = '7c9e6679-7425-40de-944b-e07fc1f90ae7';

/** The pod of an alert of these tests, as the API server has it. */
export const POD: ObservedPod = {
  uid: UID,
  namespace: 'shop',
  workload: { kind: 'Deployment', name: 'backup' },
  image: 'acme/backup:3.1',
};

/** An exception that was made a day before the alerts of the tests, and ends a month later. */
export function exceptionOf(
  change: Partial<ExceptionSpec> = {},
  status: Partial<Exception['status']> = {},
  createdAt = new Date(RECEIVED_AT.getTime() - DAY_MS),
): Exception {
  return {
    metadata: { name: 'backup-reads-shadow', resourceVersion: '1', creationTimestamp: createdAt.toISOString() },
    spec: {
      source: 'falco',
      rule: 'Read sensitive file untrusted',
      match: { namespace: POD.namespace, workload: POD.workload },
      owner: 'ann@example.com',
      reason: 'the nightly backup',
      expiresAt: new Date(createdAt.getTime() + 30 * DAY_MS).toISOString(),
      ...change,
    },
    status: { matches: 0, ...status },
  };
}
