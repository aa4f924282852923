import type { IExecuteFunctions } from 'n8n-workflow';

import { escapeHtml } from '../../core/text/html';

/** Hints of one run: the sentences of the first items. */
const MOST = 5;
const given = new WeakMap<IExecuteFunctions, number>();

/** Shows a sentence beside the output of an execution. It may quote an alert or a model; n8n's editor shows it as HTML. */
export function hintInWords(context: IExecuteFunctions, sentence: string, type: 'info' | 'warning'): void {
  const before = given.get(context) ?? 0;
  if (before >= MOST) return;
  given.set(context, before + 1);
  context.addExecutionHints({ message: escapeHtml(sentence), type, location: 'outputPane' });
}
