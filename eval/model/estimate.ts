import { rosesPrompt } from '../../core/analysis/prompt.js';
import type { Alert } from '../../core/incident/alert.js';
import type { TargetContext } from '../../core/incident/context.js';
import { racePrompt } from '../../core/policy/prompt.js';
import type { Tokens } from './prices.js';

/** Characters of English and JSON that make a token, about. */
const CHARACTERS = 4;
/** Tokens that an answer has, about. */
const ANSWERS = { roses: 400, race: 150 } as const;

/** About how many tokens both agents send and get for one alert. A model that thinks first writes many more. */
export function estimateTokens(alert: Alert, context: TargetContext): Tokens {
  const sent = [...rosesPrompt(alert, context), ...racePrompt(alert, context, undefined)];
  const characters = sent.reduce((sum, [, text]) => sum + text.length, 0);
  return {
    input: Math.round(characters / CHARACTERS) + ANSWERS.roses,
    output: ANSWERS.roses + ANSWERS.race,
  };
}
