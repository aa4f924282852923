import type { INodeProperties } from 'n8n-workflow';

import type { ActionOptions } from '../../../app/action';
import { OUTAGE_MS } from '../../../app/outage';
import { perform } from '../../../app/perform';
import { PipelineError } from '../../../core/errors';
import { type Action, ACTION_FACTS } from '../../../core/incident/actions';
import { type Incident, readIncident } from '../../../core/incident/incident';
import { parseMode } from '../../../core/incident/mode';
import { isSettled } from '../../../core/incident/response';
import { responseInWords } from '../../../core/response/responseInWords';
import { now } from '../../shared/clock';
import { hintInWords } from '../../shared/hint';
import { MODE_PROPERTY } from '../../shared/mode';
import { DRY_RUN, EVIDENCE_DEADLINE, IF_REPLACEMENT_READY, REQUIRE_DECISION } from './fields';
import { done, type Operation, type OperationInput, toEscalate } from './operation';

/** What else a person can set of an action. */
const OWN_FIELDS: Partial<Record<Action, readonly INodeProperties[]>> = {
  delete_pod: [EVIDENCE_DEADLINE],
  release_pod: [IF_REPLACEMENT_READY],
};

/** The operation that carries out an action. What the cluster refuses or lacks leaves by *escalate*; it is never thrown. */
export function actionOperation(action: Action): Operation {
  const { verb, label, description } = ACTION_FACTS[action];
  return {
    name: verb,
    value: verb.toLowerCase(),
    action: label,
    description,
    fields: [REQUIRE_DECISION, MODE_PROPERTY, ...(OWN_FIELDS[action] ?? []), DRY_RUN],
    run: async (input) => {
      const incident = readIncident(input.json);
      requireDecision(input, incident);
      const response = await perform(action, input.cluster, incident, actionOptions(input));
      const isDone = isSettled(response);
      hintInWords(input.context, responseInWords(response), isDone ? 'info' : 'warning');
      return (isDone ? done : toEscalate)({ ...input.json, response });
    },
  };
}

/** What the node's parameters say of how to act. */
export function actionOptions(input: OperationInput): ActionOptions {
  const { context, index } = input;
  return {
    dryRun: context.getNodeParameter('dryRun', index, false) === true,
    mode: parseMode(context.getNodeParameter('mode', index, 'observe')),
    readopt: context.getNodeParameter('onReplacement', index, 'evict') === 'readopt',
    evidenceMs: evidenceMs(input),
    outageMs: OUTAGE_MS,
    now,
  };
}

/** How long capturing evidence may take, milliseconds. */
export function evidenceMs({ context, index }: OperationInput): number {
  return Number(context.getNodeParameter(EVIDENCE_DEADLINE.name, index, 5)) * 1000;
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
