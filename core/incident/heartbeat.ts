import { FALCO_SNAPSHOT_RULE } from '../names';
import type { Alert } from './alert';

/**
 * The values of `source` in messages that Falco and Falcosidekick send about themselves; `debug` only before it is
 * sent.
 */
const INTERNAL: readonly unknown[] = ['internal', 'debug', null, undefined];

/**
 * How long after a heartbeat the next one starts the workflow. Falco on every node sends one at each interval
 * (`metrics.interval` in manifests/falco/values.yaml, which is longer): the others are only counted, so that their number costs
 * no execution.
 */
export const HEARTBEAT_REST_MS = 4 * 60_000;

/**
 * Whether Falco or Falcosidekick sends an alert about itself. Code in a pod cannot set a rule's name or the event's source. An
 * alert that names a pod, or comes from another source, is not such a message, whatever its rule is called.
 */
export function isSensorsOwn({ source, target, fields }: Pick<Alert, 'source' | 'target' | 'fields'>): boolean {
  return source === 'falco' && target === null && INTERNAL.includes(fields.source);
}

/**
 * Whether an alert is a heartbeat: Falco's snapshot of its own counters. It comes by the way of every other alert, and shows at the
 * end that the way is open. What came another way shows nothing: a report, or an alert that is late.
 */
export function isHeartbeat(alert: Pick<Alert, 'source' | 'trust' | 'rule' | 'target' | 'fields' | 'late'>): boolean {
  return (
    alert.rule === FALCO_SNAPSHOT_RULE && alert.trust === 'kernel' && alert.late === undefined && isSensorsOwn(alert)
  );
}
