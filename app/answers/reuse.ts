import type { z } from 'zod/v4';

import type { ModelRun } from '../../core/incident/modelRun';
import { ANSWER_BOUNDS, type AnswerStore } from './ports';

/** A model's earlier answer to the same request, with where it is from; null if none is kept that is valid today. */
export async function findAnswer<T>(
  store: AnswerStore,
  key: string,
  schema: z.ZodType<T>,
): Promise<{ answer: T; reused: NonNullable<ModelRun['reused']> } | null> {
  const kept = await store.find(key);
  if (kept === null) return null;
  const { data } = schema.safeParse(parsed(kept.answer));
  return data === undefined ? null : { answer: data, reused: { incident: kept.incident, at: kept.at } };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Keeps a model's answers together, or none of them if one is too long. */
export async function keepAnswers(
  store: AnswerStore,
  incident: string,
  answers: readonly { key: string; answer: object }[],
): Promise<void> {
  const texts = answers.map(({ key, answer }) => ({ key, answer: JSON.stringify(answer) }));
  if (texts.every(({ answer }) => Buffer.byteLength(answer) <= ANSWER_BOUNDS.bytes)) await store.keep(incident, texts);
}
