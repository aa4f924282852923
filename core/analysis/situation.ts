import { createHash } from 'node:crypto';

import type { Alert } from '../incident/alert';
import type { FoundContext, TargetContext } from '../incident/context';
import { RECORD_LIMITS } from '../incident/incidentRecord';
import { type Message, ROSES_PROMPT_VERSION, rosesPrompt } from './prompt';
import { type Names, STANDS_FOR } from './steady';
import { steadyAlert } from './steadyAlert';
import { steadyContext } from './steadyContext';

/** An alert and its context without what is different each time and decides nothing. */
export interface Situation {
  alert: Alert;
  context: FoundContext;
}

/**
 * What two alerts have to have in common for a model's answer to one to be used for the other; null where it must be
 * asked. Falco observed the pod, and the API server says which image it runs and what people judged, so that a judgement
 * changes the situation. Two pods of one controller can be in the same situation, those of two never: the controller's uid
 * is part of it, and a pod without a controller keeps its own name and uid.
 */
export function situationOf(alert: Alert, context: TargetContext | undefined): Situation | null {
  if (alert.trust !== 'kernel' || alert.target === null || context?.status !== 'found') return null;
  const history = context.facts?.history ?? null;
  if (context.facts?.container.digest === undefined || history === null) return null;
  // The record keeps no more judgements, so that one more would not show.
  if (history.falsePositives + history.truePositives >= RECORD_LIMITS.judged) return null;
  const names = namesOf(alert, context);
  return { alert: steadyAlert(alert, names), context: steadyContext(context, names) };
}

function namesOf({ fields }: Alert, { pod }: FoundContext): Names {
  const container = fields['container.id'];
  return [
    ...(isReplica(pod)
      ? ([
          [pod.name, STANDS_FOR.pod],
          [pod.uid, STANDS_FOR.uid],
        ] as const)
      : []),
    ...(typeof container === 'string' && /^[0-9a-f]{12,64}$/.test(container)
      ? ([[container, STANDS_FOR.container]] as const)
      : []),
  ];
}

/** Its name is its controller's and five characters, in which nobody can write to a model. */
function isReplica({ name, owner }: FoundContext['pod']): boolean {
  return owner !== null && name.startsWith(`${owner.name}-`) && /^[a-z0-9]{5}$/.test(name.slice(owner.name.length + 1));
}

/**
 * Is the same for two requests that say the same to the same model about the same situation. A prompt leaves out what the model
 * cannot use, such as the controller's uid: it is in the key nevertheless.
 * @param messages the request, made of the situation
 */
export function requestKey(
  model: string,
  promptVersion: string,
  situation: Situation,
  messages: readonly Message[],
): string {
  return createHash('sha256')
    .update(JSON.stringify([model, promptVersion, situation, messages]))
    .digest('hex');
}

/** The key of a ROSES request; null where the model must be asked. */
export function rosesKey(model: string | null, alert: Alert, context: TargetContext | undefined): string | null {
  const situation = model === null ? null : situationOf(alert, context);
  if (model === null || situation === null) return null;
  const messages = rosesPrompt(situation.alert, situation.context);
  return requestKey(model, ROSES_PROMPT_VERSION, situation, messages);
}
