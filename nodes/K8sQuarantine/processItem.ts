import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { ACTION_DEFINITIONS } from '../../adapters/kubernetes/actions';
import { connect, type KubernetesClient } from '../../adapters/kubernetes/client';
import { perform } from '../../adapters/kubernetes/perform';
import { readContext } from '../../adapters/kubernetes/readContext';
import { recordEvent, recordFailureEvent } from '../../adapters/kubernetes/recordEvent';
import type { TargetContext } from '../../core/context/context';
import { PipelineError } from '../../core/errors';
import { ACTIONS, type Escalation, isSettled } from '../../core/response/response';
import { readFailure } from '../../core/telemetry/failure';
import { type Incident, readIncident } from '../../core/telemetry/incident';
import type { Processed } from '../shared/itemLoop';
import { readAccess } from './credential';
import { OUTPUTS } from './outputs';

const DONE = OUTPUTS.indexOf('done');
const ESCALATE = OUTPUTS.indexOf('escalate');

/** Runs the chosen operation for one item. What the cluster refuses or lacks leaves by *escalate*; it is never thrown. */
export async function respond(context: IExecuteFunctions, json: IDataObject, index: number): Promise<Processed> {
  const client = await connect(readAccess(await context.getCredentials('kubernetesResponderApi', index)));
  const operation = context.getNodeParameter('operation', index);
  switch (operation) {
    case 'get_context':
      return withContext(client, json);
    case 'record_event':
      return withEscalation(json, await escalation(client, json));
    default:
      return act(context, client, operation, json, index);
  }
}

async function withContext(client: KubernetesClient, json: IDataObject): Promise<Processed> {
  const { alert } = readIncident(json);
  const now = new Date();
  const read: TargetContext =
    alert.target === null
      ? {
          status: 'unavailable',
          readAt: now.toISOString(),
          detail: `the target is unknown: ${alert.targetProblem ?? 'not named'}`,
        }
      : await readContext(client, alert.target, now);
  return { output: read.status === 'found' ? DONE : ESCALATE, json: { ...json, context: read } };
}

async function escalation(client: KubernetesClient, json: IDataObject): Promise<Escalation> {
  const failure = readFailure(json);
  if (failure === null) return recordEvent(client, readIncident(json), new Date());
  return recordFailureEvent(
    client,
    `The pipeline failed in node ${failure.node ?? 'unknown'}: ${failure.message}`,
    new Date(),
  );
}

function withEscalation(json: IDataObject, recorded: Escalation): Processed {
  return { output: recorded.event === null ? ESCALATE : DONE, json: { ...json, escalation: recorded } };
}

async function act(
  context: IExecuteFunctions,
  client: KubernetesClient,
  operation: unknown,
  json: IDataObject,
  index: number,
): Promise<Processed> {
  const action = ACTIONS.find((name) => name === operation);
  if (action === undefined) {
    throw new PipelineError('misconfigured', `there is no operation ${String(operation)}`, {
      nextStep: 'Choose an operation from the list.',
    });
  }
  const incident = readIncident(json);
  if (action !== 'release_pod') requireDecision(context, incident, index);
  const dryRun = context.getNodeParameter('dryRun', index) === true;
  const response = await perform(ACTION_DEFINITIONS[action], client, incident, { dryRun, now: () => new Date() });
  return { output: isSettled(response) ? DONE : ESCALATE, json: { ...json, response } };
}

/** n8n passes items through a disabled node by its first output, so an undecided incident can arrive here. */
function requireDecision(context: IExecuteFunctions, { alert, decision }: Incident, index: number): void {
  if (decision !== undefined || context.getNodeParameter('requireDecision', index) === false) return;
  throw new PipelineError('bad_item', 'the incident has no decision', {
    nextStep:
      'Put RACE Agent before this node and enable it, or switch off "Require a Decision" to act on policy alone.',
    incidentId: alert.id,
  });
}
