import { Tiktoken } from 'js-tiktoken/lite';
import ranks from 'js-tiktoken/ranks/o200k_base';

import type { Asked } from '../../tests/support/scriptedModel.js';

/** What model calls cost. */
export interface ModelUse {
  calls: number;
  /** Tokens of the requests' messages and of the answers. */
  tokens: number;
}

const NO_TOKENS: string[] = [];

/** Counts with OpenAI's tokenizer of its models since GPT-4o. What a provider adds for each message is left out. */
export function modelUse(asked: readonly Asked[], answerTo: (asked: Asked) => string): ModelUse {
  const tokenizer = new Tiktoken(ranks);
  const count = (text: string): number => tokenizer.encode(text, NO_TOKENS, NO_TOKENS).length;
  const tokens = asked.reduce((sum, each) => sum + count(each.text) + count(answerTo(each)), 0);
  return { calls: asked.length, tokens };
}
