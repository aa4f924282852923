import { PAGERDUTY_PATH } from '../../../core/names.js';
import { n8nProgram } from '../components.js';
import { statePath } from '../paths.js';
import type { Component } from '../process/component.js';
import { HOST, PORTS } from '../process/ports.js';

/** How many processes n8n has in queue mode, beside its main process. */
export interface Size {
  webhooks: number;
  workers: number;
  /** Whether PagerDuty's webhook has one more webhook processor to itself. */
  pagerDuty: boolean;
}

/**
 * Executions that a worker runs at the same time. They mostly wait for a model, and an alert on which the playbook acts must
 * not wait behind them.
 */
const CONCURRENCY = 20;

/** Longer than an execution: two agents, each with two requests to a model, each sent twice, and then the response. */
export const GRACE_SECONDS = 300;

/**
 * The webhook processors: they receive production webhooks and forms, and put executions into the queue.
 * @param environment what all processes have in common
 */
export function webhookProcessors(
  project: string,
  environment: Record<string, string>,
  { webhooks, pagerDuty }: Size,
): Component[] {
  return numbers(pagerDuty ? webhooks + 1 : webhooks).map((number) => {
    const name = `n8n-webhook-${number}` as const;
    const port = PORTS.n8nWebhooks + number;
    return {
      name,
      command: process.execPath,
      args: [n8nProgram(project), 'webhook'],
      env: { ...environment, N8N_USER_FOLDER: statePath(name), N8N_PORT: String(port) },
      health: `http://${HOST}:${port}/healthz/readiness`,
      ports: [port],
      graceSeconds: GRACE_SECONDS,
    };
  });
}

/** The workers: they run the executions. */
export function workers(project: string, environment: Record<string, string>, size: Size): Component[] {
  return numbers(size.workers).map((number) => {
    const name = `n8n-worker-${number}` as const;
    const [port, broker] = [PORTS.n8nWorkers + number, PORTS.n8nWorkerTaskBrokers + number];
    return {
      name,
      command: process.execPath,
      args: [n8nProgram(project), 'worker', `--concurrency=${CONCURRENCY}`],
      env: {
        ...environment,
        N8N_USER_FOLDER: statePath(name),
        N8N_RUNNERS_BROKER_PORT: String(broker),
        QUEUE_HEALTH_CHECK_ACTIVE: 'true',
        QUEUE_HEALTH_CHECK_PORT: String(port),
        N8N_WORKER_SERVER_ADDRESS: HOST,
      },
      health: `http://${HOST}:${port}/healthz/readiness`,
      ports: [port, broker],
      graceSeconds: GRACE_SECONDS,
    };
  });
}

/** Where the gate finds the webhook processors that share all webhooks. */
export const webhookAddresses = ({ webhooks }: Pick<Size, 'webhooks'>): string =>
  numbers(webhooks).map(addressOf).join(',');

/** The webhook that has a processor to itself, and where the gate finds that; empty if there is none. */
export const reservedAddresses = ({ webhooks, pagerDuty }: Size): string =>
  pagerDuty ? `/webhook/${PAGERDUTY_PATH}=${addressOf(webhooks + 1)}` : '';

const addressOf = (webhook: number): string => `${HOST}:${PORTS.n8nWebhooks + webhook}`;

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);
