import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Alert } from '../../core/alert/alert';
import { parseLossless } from '../../core/alert/json';
import { normaliseAlert } from '../../core/alert/normalise';
import type { FoundContext } from '../../core/context/context';

const FOLDER = join(__dirname, '../../cluster/local/alerts');

export const RECEIVED_AT = new Date('2026-11-21T10:15:31.000Z');

/** A Falcosidekick payload whose fields tests may change. */
export interface Payload {
  output_fields: Record<string, unknown>;
  [key: string]: unknown;
}

export const ALERT_NAMES = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.json'))
  .map((file) => file.replace('.json', ''));

export function payloadText(name: string): string {
  return readFileSync(join(FOLDER, `${name}.json`), 'utf8');
}

export function payload(
  name = 'pod-delete-test',
  change: Record<string, unknown> = {},
  fields: Record<string, unknown> = {},
): Payload {
  const recorded = parseLossless(payloadText(name)) as Payload;
  return { ...recorded, ...change, output_fields: { ...recorded.output_fields, ...fields } };
}

export function alertOf(name = 'pod-delete-test', change: Partial<Alert> = {}): Alert {
  return { ...normaliseAlert(payload(name), RECEIVED_AT, 'kernel'), ...change };
}

/** The context of a pod that may be acted on, for an alert. */
export function contextOf(
  alert: Alert,
  change: { mode?: FoundContext['namespace']['mode']; pod?: Partial<FoundContext['pod']> } = {},
): FoundContext {
  return {
    status: 'found',
    readAt: RECEIVED_AT.toISOString(),
    pod: {
      name: alert.target?.pod ?? 'pod',
      uid: alert.target?.podUid ?? '11111111-1111-4111-8111-111111111111',
      createdAt: '2026-11-21T09:00:00.000Z',
      phase: 'Running',
      deletingSince: null,
      node: 'node',
      serviceAccount: 'default',
      labels: { app: 'web' },
      quarantined: false,
      hostNetwork: false,
      owner: null,
      ...change.pod,
    },
    namespace: { name: alert.target?.namespace ?? 'playground', mode: change.mode ?? 'autonomous' },
    workload: null,
    events: [],
    missing: [],
  };
}
