import type { Alert } from '../incident/alert';
import type { Proposal } from '../incident/decision';
import { isSensorsOwn } from '../incident/heartbeat';
import { FALCO_SNAPSHOT_RULE } from '../names';

const FALCO_PREFIX = 'Falco internal: ';

/** Routine, such as a reading of the sensor's own counters, or a test: recorded without notifying anybody. */
function routine(reason: string): Proposal {
  return { decision: 'ignore', classification: 'false_positive', confidence: 1, reason };
}

/** A sensor that misses events needs a person: the absence of alerts then proves nothing. */
function needsPerson(reason: string): Proposal {
  return { decision: 'escalate', classification: 'needs_review', confidence: 1, reason };
}

/** By rule. Falco 0.41 to 0.44 has exactly these (userspace/falco); Falcosidekick has its test (handlers.go). */
const MESSAGES: ReadonlyMap<string, Proposal> = new Map([
  ['Test rule', routine("A test of Falcosidekick's outputs (POST /test), which arrived. It is about no pod.")],
  [
    FALCO_SNAPSHOT_RULE,
    routine('Falco reports its own counters, which shows that the way of alerts is open. It is about no pod.'),
  ],
  [
    `${FALCO_PREFIX}capture size limit reached`,
    routine('A capture file of Falco reached its size limit and was closed. It is about no pod.'),
  ],
  [
    `${FALCO_PREFIX}syscall event drop`,
    needsPerson(
      'Falco lost system calls on this node, so it may have missed an attack there. Find what floods the node, and give Falco a larger buffer (engine.modern_ebpf.buf_size_preset) or more CPU time.',
    ),
  ],
  [
    `${FALCO_PREFIX}timeouts notification`,
    needsPerson(
      "Falco got no system calls on this node for a long time, so it may see nothing there. Check its pod's log, then restart it.",
    ),
  ],
  [
    `${FALCO_PREFIX}hot restart failure`,
    needsPerson(
      'Falco could not load its changed configuration or rules and continues with the old ones. The reason is in the output: fix it, then restart Falco.',
    ),
  ],
]);

/**
 * The proposal for a message that Falco or Falcosidekick sends about itself, or null for every other alert. It alone
 * decides the alert: the message is about no pod, so neither a model nor a guardrail could add anything.
 */
export function sensorMessage(alert: Alert): Proposal | null {
  if (!isSensorsOwn(alert)) return null;
  const { rule } = alert;
  const known = MESSAGES.get(rule);
  if (known !== undefined) return { ...known };
  return rule.startsWith(FALCO_PREFIX)
    ? needsPerson('Falco reports a condition of its own that the playbook does not know. See its output.')
    : null;
}

/** Whether a rule is one of routine messages of the sensor, as far as an incident that is not about a pod says. */
export function isRoutineRule(rule: string): boolean {
  return MESSAGES.get(rule)?.decision === 'ignore';
}

/** Whether an alert is a routine message of the sensor: nobody is notified, and it is not an incident. */
export function isRoutineMessage(alert: Alert): boolean {
  return sensorMessage(alert)?.decision === 'ignore';
}
