import { wantsContainFirst } from '../core/policy/wantsContainFirst';
import { endOfQuarantine } from '../core/response/record';
import type { ActionResponse } from '../core/incident/response';
import type { Incident } from '../core/incident/incident';
import type { ActionOptions } from './action';
import { perform } from './perform';
import type { Cluster } from './ports';

/** What containing first adds to an incident, and the context as it is after that. */
type ContainedFirst = Required<Pick<Incident, 'containment'>> & Pick<Incident, 'context'>;

/**
 * Isolates the pod before anybody reasons, where the administrator wants that for the rule, the namespace and the pod's
 * kind: under the same policy and the same budget as every other action. Null where it is not wanted.
 */
export async function containFirst(
  cluster: Cluster,
  incident: Incident,
  options: ActionOptions,
): Promise<ContainedFirst | null> {
  const { alert, context } = incident;
  if (context?.status !== 'found' || !wantsContainFirst(alert, context)) return null;
  const containment: ActionResponse = await perform('quarantine_pod', cluster, { alert, context }, options);
  if (containment.outcome !== 'done' && containment.outcome !== 'unchanged') return { containment, context };
  const until = endOfQuarantine(context, new Date(containment.startedAt));
  return {
    containment,
    context: { ...context, quarantine: { state: 'Quarantined', incident: alert.id, until } },
  };
}
