import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { z } from 'zod/v4';

import type { Message } from '../../core/analysis/prompt.js';

const answerSchema = z.object({
  content: z.unknown(),
  usage_metadata: z.object({ input_tokens: z.number().optional(), output_tokens: z.number().optional() }).optional(),
  response_metadata: z.unknown(),
  /** Whether the model refused to answer. */
  refused: z.boolean(),
  /** How long the model took, milliseconds. */
  durationMs: z.number(),
});
export type Answer = z.infer<typeof answerSchema>;

export interface Question {
  model: string;
  /** Where the model is: models of the same name may differ. */
  url: string;
  messages: readonly Message[];
  /** The form that the answer is held to, as the request has it. Absent where the model is asked in words. */
  form?: object;
  /** Which of several questions of the same text. */
  repeat: number;
}

/** A model's answers on disk, one file for each question: a run that was stopped asks only what it has no answer to. */
export class Answers {
  constructor(private readonly folder: string) {}

  find(question: Question): Answer | null {
    try {
      return answerSchema.safeParse(JSON.parse(readFileSync(this.fileOf(question), 'utf8'))).data ?? null;
    } catch (error) {
      // There is none, or an editor damaged it: it is asked for again.
      if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    }
  }

  /** At once and whole, so that a stopped run leaves no half of an answer. */
  keep(question: Question, answer: Answer): void {
    const file = this.fileOf(question);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(`${file}.${process.pid}`, JSON.stringify(answer));
    renameSync(`${file}.${process.pid}`, file);
  }

  private fileOf({ model, url, messages, repeat, form }: Question): string {
    const hash = createHash('sha256')
      .update(JSON.stringify([model, url, messages, repeat, ...(form === undefined ? [] : [form])]))
      .digest('hex');
    return join(this.folder, hash.slice(0, 2), `${hash}.json`);
  }
}
