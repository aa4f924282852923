import { join } from 'node:path';

import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { ask, type ModelConnection, type Question, type Reply } from '../../adapters/model/ask';
import { postgresAnswers } from '../../adapters/postgres/answers';
import { sqliteAnswers } from '../../adapters/sqlite/answers';
import type { AnswerStore } from '../../app/answers/ports';
import { findAnswer } from '../../app/answers/reuse';
import { messageOf } from '../../core/errors';
import type { ModelRun } from '../../core/incident/modelRun';
import { ANSWER_FILE } from '../../core/names';
import { now } from './clock';
import { hintInWords } from './hint';
import { askOptions, connectedName } from './model';
import { userFolder, warn } from './outputStore';
import { readPostgresAccess } from './postgresCredential';

export const REUSE_PROPERTY: INodeProperties = {
  displayName: 'Reuse Answers',
  name: 'reuseAnswers',
  type: 'boolean',
  default: false,
  description:
    "Whether the model's answer to the same request within the last hour is used instead of a new one. Turn it on in both agents. A deletion is never reused, and policy always judges again.",
};

/** After a failure the store is left alone for so long, so that alerts do not wait for it. */
const REST_MS = 15_000;
let restsUntil = -Infinity;

/** Takes the model's earlier answer to the same request, if the node reuses answers and there is one; asks otherwise. */
export async function askOrReuse<T>(
  context: IExecuteFunctions,
  index: number,
  connection: ModelConnection,
  question: Question<T>,
  key: string | null,
): Promise<Reply<T>> {
  const found =
    key === null ? null : await withAnswers(context, index, (store) => findAnswer(store, key, question.schema));
  if (found === null || found === undefined) return ask(connection, question, askOptions(context, index));
  const { incident, at } = found.reused;
  const sentence = `The model was not asked: the answer is that of incident ${incident}, given at ${at} in the same situation.`;
  hintInWords(context, sentence, 'info');
  return { answer: found.answer, run: reusedRun(connection, question.promptVersion, found.reused) };
}

function reusedRun(
  connection: ModelConnection,
  promptVersion: string,
  reused: NonNullable<ModelRun['reused']>,
): ModelRun {
  return {
    by: 'model',
    fallbackReason: null,
    promptVersion,
    model: connectedName(connection),
    tokens: { input: 0, output: 0 },
    questions: 0,
    durationMs: 0,
    reused,
  };
}

/**
 * Does something with the kept answers, if the node reuses them. Undefined if it does not, or if they cannot be reached: that
 * costs a request to the model, and fails nothing.
 */
export async function withAnswers<T>(
  context: IExecuteFunctions,
  index: number,
  work: (store: AnswerStore) => Promise<T>,
): Promise<T | undefined> {
  if (context.getNodeParameter('reuseAnswers', index, false) !== true || performance.now() < restsUntil)
    return undefined;
  try {
    return await work(await openAnswers(context, index));
  } catch (error) {
    restsUntil = performance.now() + REST_MS;
    warn(context, `Answers of the model are not reused: ${messageOf(error)}`);
    return undefined;
  }
}

/** The database of the node's Incident PostgreSQL credential, if one is chosen, else a file of n8n's folder. */
async function openAnswers(context: IExecuteFunctions, index: number): Promise<AnswerStore> {
  if (context.getNode().credentials?.incidentPostgresApi !== undefined)
    return postgresAnswers(readPostgresAccess(await context.getCredentials('incidentPostgresApi', index)));
  return sqliteAnswers(join(userFolder(context), ANSWER_FILE), now);
}
