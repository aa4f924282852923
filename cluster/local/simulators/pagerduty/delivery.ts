import { createHmac, randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { fetch } from 'undici';
import type { Webhook } from './account.js';
import type { WebhookBody } from './webhookBody.js';

export interface DeliveryOptions {
  /** How long a receiver has; PagerDuty gives it 5 seconds. */
  timeoutMilliseconds: number;
  /** The wait before each further attempt. PagerDuty goes on for up to 48 hours. */
  retryMilliseconds: number[];
}

/** After so many dropped webhooks in a row PagerDuty switches a subscription off for 24 hours. */
const DROPS_UNTIL_OFF = 3;

/** One webhook on its way to one subscriber. */
export interface Delivery {
  webhookId: string;
  subscription: string;
  eventType: string;
  /** Undefined for a ping. */
  incident: string | undefined;
  /** An HTTP status each, or what the connection said. */
  attempts: (number | string)[];
  outcome: 'under way' | 'delivered' | 'dropped' | 'given up';
}

/** Posts webhooks: one after the other for each incident and subscriber, whatever happens to others meanwhile. */
export class Deliveries {
  readonly all: Delivery[] = [];
  private readonly queues = new Map<string, Promise<void>>();
  private readonly drops = new Map<string, number>();
  private ending = new AbortController();

  constructor(private readonly options: DeliveryOptions) {}

  post(webhook: Webhook, body: WebhookBody, incident?: string): void {
    const { id: subscription } = webhook;
    const eventType = body.event.event_type;
    if (this.isOff(subscription) || (webhook.events?.includes(eventType) === false && eventType !== 'pagey.ping'))
      return;
    const webhookId = randomUUID();
    const delivery: Delivery = { webhookId, subscription, eventType, incident, attempts: [], outcome: 'under way' };
    this.all.push(delivery);
    const queue = `${subscription} ${incident ?? webhookId}`;
    const { signal } = this.ending;
    const text = JSON.stringify(body);
    const before = this.queues.get(queue) ?? Promise.resolve();
    this.queues.set(
      queue,
      before.then(() => this.deliver(delivery, webhook, text, signal)),
    );
  }

  isOff(subscription: string): boolean {
    return (this.drops.get(subscription) ?? 0) >= DROPS_UNTIL_OFF;
  }

  /** Until nothing is under way. */
  async settled(): Promise<void> {
    await Promise.all(this.queues.values());
  }

  /** Ends what is under way and forgets everything. */
  async clear(): Promise<void> {
    this.ending.abort();
    await this.settled();
    this.ending = new AbortController();
    this.all.length = 0;
    this.queues.clear();
    this.drops.clear();
  }

  private async deliver(delivery: Delivery, webhook: Webhook, body: string, signal: AbortSignal): Promise<void> {
    for (const wait of [0, ...this.options.retryMilliseconds]) {
      await pause(wait, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      const result = await this.attempt(delivery.webhookId, webhook, body, signal);
      delivery.attempts.push(result);
      if (typeof result === 'string' || result >= 500 || result === 429) continue;
      const isDelivered = result >= 200 && result < 300;
      delivery.outcome = isDelivered ? 'delivered' : 'dropped';
      this.drops.set(webhook.id, isDelivered ? 0 : (this.drops.get(webhook.id) ?? 0) + 1);
      return;
    }
    delivery.outcome = 'given up';
  }

  private async attempt(webhookId: string, { id, url, secrets }: Webhook, body: string, ending: AbortSignal) {
    try {
      const { status, body: answer } = await fetch(url, {
        method: 'POST',
        redirect: 'manual',
        signal: AbortSignal.any([ending, AbortSignal.timeout(this.options.timeoutMilliseconds)]),
        headers: {
          'Content-Type': 'application/json',
          'User-Agent': 'PagerDuty-Webhook/V3.0',
          'X-PagerDuty-Signature': secrets.map((secret) => signature(secret, body)).join(','),
          'X-Webhook-Id': webhookId,
          'X-Webhook-Subscription': id,
        },
        body,
      });
      await answer?.cancel();
      return status;
    } catch (error) {
      return error instanceof Error ? error.name : String(error);
    }
  }
}

/** Over the raw body; there is no time in it. */
const signature = (secret: string, body: string): string =>
  `v1=${createHmac('sha256', secret).update(body).digest('hex')}`;
