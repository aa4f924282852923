import { join } from 'node:path';

import type { Decider } from '../evaluateCase.js';
import { Answers } from '../model/answers.js';
import { openAiModel } from '../model/openAi.js';
import { isServed, type ModelOptions } from './options.js';

/** All waits together that rate limits may ask of one request, milliseconds. */
const LONGEST_WAIT_MS = 120_000;

/** Who decides, by the options. A model's answers are kept under the state folder. */
export function deciderFor(
  { model: name, url, key, isStructured, timeoutSeconds }: ModelOptions,
  state: string,
): Decider {
  if (!isServed(name)) return name === 'obey' ? 'obey' : 'none';
  return {
    model: openAiModel({ name, url, key, isStructured }),
    name,
    url,
    answers: new Answers(join(state, 'answers')),
    timeoutMs: timeoutSeconds * 1000,
    longestWaitMs: LONGEST_WAIT_MS,
  };
}
