import {
  type IExecuteFunctions,
  type INodeInputConfiguration,
  type INodeProperties,
  NodeConnectionTypes,
} from 'n8n-workflow';

import type { AskOptions, ModelConnection } from '../../adapters/model/ask';
import { isChatModel, nameOf } from '../../adapters/model/chatModel';
import type { Incident } from '../../core/incident/incident';
import type { ModelRun } from '../../core/incident/modelRun';
import { decidingException } from '../../core/policy/exceptions/apply';
import { sensorMessage } from '../../core/policy/sensorMessage';
import { messageOf } from '../../core/errors';
import { now } from './clock';
import { escapeHtml } from '../../core/text/html';

/** The optional model input that both agents have. */
export const MODEL_INPUT: INodeInputConfiguration = {
  type: NodeConnectionTypes.AiLanguageModel,
  displayName: 'Model',
  required: false,
  maxConnections: 1,
};

export const MODEL_PROPERTIES: INodeProperties[] = [
  {
    displayName: 'Model Timeout (Seconds)',
    name: 'timeoutSeconds',
    type: 'number',
    typeOptions: { minValue: 1, maxValue: 600 },
    default: 30,
    description:
      'How long to wait for each reply. An agent sends at most two requests, each again per retry, before the playbook takes over.',
  },
  {
    displayName: 'Model Retries',
    name: 'retries',
    type: 'number',
    typeOptions: { minValue: 0, maxValue: 5 },
    default: 1,
    description: 'How often to ask again when the model gives no reply at all',
  },
];

/** The model on the optional input. A model that is missing, disabled or broken is no error: the playbook takes over. */
export async function connectedModel(
  context: IExecuteFunctions,
  { alert, context: target }: Pick<Incident, 'alert' | 'context'>,
): Promise<ModelConnection> {
  if (alert.status === 'resolved') return { model: null, problem: 'the alert is resolved at its source' };
  if (sensorMessage(alert) !== null) return { model: null, problem: "the alert is the sensor's message about itself" };
  const exception = decidingException(alert, target, now());
  if (exception !== null) return { model: null, problem: `exception ${exception.name} decides` };
  if (alert.incident?.model === false)
    return {
      model: null,
      problem: 'the incident, or all of them together, asked models as often as the policy allows',
    };
  try {
    const connected: unknown = await context.getInputConnectionData(NodeConnectionTypes.AiLanguageModel, 0);
    const model: unknown = Array.isArray(connected) ? connected[0] : connected;
    if (model === undefined || model === null)
      return { model: null, problem: 'no model is connected, or it is disabled' };
    return isChatModel(model)
      ? { model, problem: null }
      : { model: null, problem: 'what is connected is not a chat model', isBroken: true };
  } catch (error) {
    return { model: null, problem: `the connected model cannot be used: ${messageOf(error)}`, isBroken: true };
  }
}

/** The connected model's name, as far as it says one. */
export function connectedName({ model }: ModelConnection): string | null {
  return model === null ? null : nameOf(model);
}

export function askOptions(context: IExecuteFunctions, index: number): AskOptions {
  return {
    timeoutMs: Number(context.getNodeParameter('timeoutSeconds', index)) * 1000,
    retries: Number(context.getNodeParameter('retries', index)),
  };
}

/** Says in the editor when the model did not take part. */
export function hintOnFallback(context: IExecuteFunctions, { by, fallbackReason }: ModelRun): void {
  if (by === 'model') return;
  context.addExecutionHints({
    // The editor shows hints as HTML, and the reason may quote a model.
    message: `Made without a model: ${escapeHtml(fallbackReason ?? 'no reason given')}.`,
    type: 'info',
    location: 'outputPane',
  });
}
