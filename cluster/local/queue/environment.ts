import { DATABASE } from '../postgresql/component.js';
import { HOST, PORTS } from '../process/ports.js';
import type { Secrets } from '../secrets.js';
import { GRACE_SECONDS } from './processes.js';

/** What n8n's environment has in queue mode besides, in every process. It holds secrets. */
export const queueEnvironment = ({ databasePassword, redisPassword }: Secrets): Record<string, string> => ({
  EXECUTIONS_MODE: 'queue',
  // Production webhooks and forms are the webhook processors' alone.
  N8N_DISABLE_PRODUCTION_MAIN_PROCESS: 'true',
  QUEUE_BULL_REDIS_HOST: HOST,
  QUEUE_BULL_REDIS_PORT: String(PORTS.redis),
  QUEUE_BULL_REDIS_PASSWORD: redisPassword,
  DB_TYPE: 'postgresdb',
  DB_POSTGRESDB_HOST: DATABASE.host,
  DB_POSTGRESDB_PORT: String(DATABASE.port),
  DB_POSTGRESDB_DATABASE: DATABASE.name,
  DB_POSTGRESDB_USER: DATABASE.user,
  DB_POSTGRESDB_PASSWORD: databasePassword,
  // n8n's default of two makes concurrent executions of a worker wait for each other.
  DB_POSTGRESDB_POOL_SIZE: '10',
  N8N_GRACEFUL_SHUTDOWN_TIMEOUT: String(GRACE_SECONDS),
});

/**
 * Has every process answer `/metrics`, which Prometheus scrapes; the main process counts the queue. They listen on loopback, as
 * everything does.
 */
export const METRICS_ENVIRONMENT: Readonly<Record<string, string>> = {
  N8N_METRICS: 'true',
  N8N_METRICS_INCLUDE_QUEUE_METRICS: 'true',
  N8N_METRICS_QUEUE_METRICS_INTERVAL: '5',
};
