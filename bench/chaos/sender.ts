import { Pool } from 'undici';
import { z } from 'zod/v4';

import { messageOf } from '../../cluster/local/errors.js';
import type { Stack } from '../../cluster/local/stack.js';
import { SECRET_HEADER } from '../../core/names.js';

/** Longer than anything answers that will answer. */
const ANSWER_MILLISECONDS = 30_000;
/** As many alerts as may wait for an answer at the same time. */
const CONNECTIONS = 50;

const acceptance = z.object({ incident: z.string() });

export interface Answer {
  /** Whether n8n took responsibility for the alert: any 2xx. */
  accepted: boolean;
  /** The HTTP status, or the connection's error. */
  answer: string;
  /** The id that n8n gave the incident, or null. */
  incident: string | null;
}

/** Posts alerts as Falcosidekick does: each once, without a retry. */
export class Sender {
  private readonly url: URL;
  private readonly pool: Pool;

  /** @param url where they are posted: the pipeline's webhook, if it is not named */
  constructor(
    private readonly stack: Stack,
    url: string = stack.urls.webhook,
  ) {
    this.url = new URL(url);
    this.pool = new Pool(this.url.origin, { connections: CONNECTIONS });
  }

  async send(body: string): Promise<Answer> {
    try {
      const { statusCode, body: answer } = await this.pool.request({
        method: 'POST',
        path: this.url.pathname,
        headers: {
          'content-type': 'application/json; charset=utf-8',
          'user-agent': 'Falcosidekick',
          [SECRET_HEADER]: this.stack.webhookSecret,
        },
        body,
        headersTimeout: ANSWER_MILLISECONDS,
        bodyTimeout: ANSWER_MILLISECONDS,
      });
      const text = await answer.text();
      const accepted = statusCode >= 200 && statusCode < 300;
      return { accepted, answer: String(statusCode), incident: accepted ? incidentIn(text) : null };
    } catch (error) {
      return { accepted: false, answer: codeOf(error), incident: null };
    }
  }

  close(): Promise<void> {
    return this.pool.destroy();
  }
}

function incidentIn(text: string): string | null {
  try {
    return acceptance.parse(JSON.parse(text)).incident;
  } catch {
    return null;
  }
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : messageOf(error);

/** How often each answer was given, as one line; empty without any. */
export function countedAnswers(answers: readonly Pick<Answer, 'answer'>[]): string {
  const counts = new Map<string, number>();
  for (const { answer } of answers) counts.set(answer, (counts.get(answer) ?? 0) + 1);
  return [...counts].map(([answer, count]) => `${count} with ${answer}`).join(', ');
}
