import { clusterOf } from '../../../adapters/kubernetes/cluster';
import type { ActionOptions } from '../../../app/action';
import { containFirst as contain } from '../../../app/containFirst';
import { perform } from '../../../app/perform';
import { parseMode } from '../../../core/incident/mode';
import { PipelineError } from '../../../core/errors';
import { type Action } from '../../../core/incident/actions';
import { isSettled } from '../../../core/incident/response';
import { type Incident, readIncident } from '../../../core/incident/incident';
import { now } from '../../shared/clock';
import { done, type NodeOperation, type Operation, type OperationInput, toEscalate } from './operation';

/** Carries out an action. What the cluster refuses or lacks leaves by *escalate*; it is never thrown. */
export const act =
  (action: Action): Operation =>
  async (input) => {
    const incident = readIncident(input.json);
    requireDecision(input, incident);
    const response = await perform(action, clusterOf(input.client), incident, optionsOf(input));
    return (isSettled(response) ? done : toEscalate)({ ...input.json, response });
  };

/** Isolates the pod at once where that is wanted; the item goes on to be reasoned about in any case. */
export const containFirst: NodeOperation = {
  name: 'Contain First',
  value: 'contain_first',
  action: 'Contain the pod before reasoning',
  description: 'Isolate the pod at once where the ResponsePolicy wants that for rule and namespace',
  run: async (input) => {
    const contained = await contain(clusterOf(input.client), readIncident(input.json), optionsOf(input));
    return done(contained === null ? input.json : { ...input.json, ...contained });
  },
};

function optionsOf({ context, index }: OperationInput): ActionOptions {
  return {
    dryRun: context.getNodeParameter('dryRun', index, false) === true,
    mode: parseMode(context.getNodeParameter('mode', index, 'observe')),
    readopt: context.getNodeParameter('onReplacement', index, 'evict') === 'readopt',
    evidenceMs: Number(context.getNodeParameter('evidenceSeconds', index, 5)) * 1000,
    now,
  };
}

/** n8n passes items through a disabled node by its first output, so an undecided incident can arrive here. */
function requireDecision({ context, index }: OperationInput, { alert, decision }: Incident): void {
  if (decision !== undefined || context.getNodeParameter('requireDecision', index, true) === false) return;
  throw new PipelineError('bad_item', 'the incident has no decision', {
    nextStep:
      'Put RACE Agent before this node and enable it, or switch off "Require a Decision" to act on policy alone.',
    incidentId: alert.id,
  });
}
