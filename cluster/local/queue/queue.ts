import { postgresqlComponent, preparePostgresql } from '../postgresql/component.js';
import type { Component } from '../process/component.js';
import type { Secrets } from '../secrets.js';
import { type Size, webhookProcessors, workers } from './processes.js';
import { prepareRedis, redisComponent, redisOnPath } from './redis.js';

/** What n8n has in queue mode beside its main process. */
export interface Queue {
  postgresql: Component;
  redis: Component;
  webhooks: Component[];
  workers: Component[];
  /** Whether the machine has a Redis; without one nothing of this can be started. */
  hasRedis: boolean;
}

/** @param environment n8n's, of all its processes */
export async function queueOf(
  size: Size,
  project: string,
  environment: Record<string, string>,
  secrets: Secrets,
): Promise<Queue> {
  const redis = await redisOnPath();
  return {
    postgresql: postgresqlComponent(secrets),
    redis: redisComponent(redis ?? 'redis-server', secrets),
    webhooks: webhookProcessors(project, environment, size),
    workers: workers(project, environment, size),
    hasRedis: redis !== undefined,
  };
}

/**
 * Everything that PostgreSQL and Redis need before they start.
 * @returns whether n8n's database is new
 */
export async function prepareQueue(secrets: Secrets): Promise<boolean> {
  const [isNew] = await Promise.all([preparePostgresql(secrets), prepareRedis(secrets)]);
  return isNew;
}

export const queueComponents = ({ postgresql, redis, webhooks, workers: running }: Queue): Component[] => [
  postgresql,
  redis,
  ...webhooks,
  ...running,
];
