import { setTimeout as pause } from 'node:timers/promises';

import { z } from 'zod/v4';

import { FALCO_METADATA } from '../../core/alert/falcoLine.js';

/** Alloy's own pauses (loki.write, min_backoff_period), and at most so long that a run ends. */
const [FIRST_PAUSE_MS, LONGEST_PAUSE_MS] = [500, 5_000];
const BATCH = 200;

const falcoAlert = z.object({
  rule: z.string(),
  priority: z.string(),
  time: z.iso.datetime(),
  source: z.string().optional(),
  hostname: z.string().optional(),
  output_fields: z.record(z.string(), z.unknown()),
});

/**
 * Falco's own output in Loki, as manifests/monitoring/alloy.yaml sends it: every alert, whatever n8n answered. Lines wait while
 * Loki is down, and are sent again in order.
 */
export class FalcoOutput {
  private readonly waiting: string[] = [];
  private sending: Promise<void> | undefined;

  constructor(
    private readonly loki: string,
    /** The stream's label. Another than Falco's own keeps runs apart. */
    private readonly job: string,
    private readonly signal: AbortSignal,
  ) {}

  write(body: string): void {
    this.waiting.push(body);
    this.sending ??= this.sendAll().finally(() => {
      this.sending = undefined;
    });
  }

  /** Resolves once all lines are in Loki. */
  async sent(): Promise<void> {
    await this.sending;
  }

  private async sendAll(): Promise<void> {
    let backoff = FIRST_PAUSE_MS;
    while (this.waiting.length > 0 && !this.signal.aborted) {
      const batch = this.waiting.slice(0, BATCH);
      if (await this.push(batch)) {
        this.waiting.splice(0, batch.length);
        backoff = FIRST_PAUSE_MS;
      } else {
        await pause(backoff, undefined, { signal: this.signal }).catch(() => undefined);
        backoff = Math.min(LONGEST_PAUSE_MS, backoff * 2);
      }
    }
  }

  private async push(bodies: readonly string[]): Promise<boolean> {
    try {
      const { ok } = await fetch(`${this.loki}/loki/api/v1/push`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ streams: bodies.map((body) => streamOf(body, this.job)) }),
        signal: AbortSignal.timeout(10_000),
      });
      return ok;
    } catch {
      return false;
    }
  }
}

/** One of Falco's lines as Alloy's pipeline leaves it: the rule, when, on which host, and which pod, but not what ran. */
export function streamOf(body: string, job: string) {
  const { rule, priority, time, source, hostname, output_fields: fields } = falcoAlert.parse(JSON.parse(body));
  const facts = Object.entries(FALCO_METADATA).map(([field, name]): [string, unknown] => [name, fields[field]]);
  const said: [string, unknown][] = [['rule', rule], ['source', source], ['hostname', hostname], ...facts];
  const metadata = Object.fromEntries(said.filter(([, value]) => typeof value === 'string'));
  return { stream: { job, priority }, values: [[nanoseconds(time), rule, metadata]] };
}

function nanoseconds(time: string): string {
  const [, fraction = ''] = /\.(\d+)Z$/.exec(time) ?? [];
  return `${Math.floor(Date.parse(time) / 1000)}${fraction.padEnd(9, '0')}`;
}
