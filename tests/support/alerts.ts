import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Alert } from '../../core/incident/alert';
import type { TrustClass } from '../../core/sources/senders';
import { parseLossless } from '../../core/text/json';
import { normaliseAlerts } from '../../core/alert/normalise';
import type { FoundContext } from '../../core/incident/context';
import { type Configuration, DEFAULT_INCIDENT_BOUNDS } from '../../core/incident/responsePolicy';

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

/** The one alert of a Falcosidekick payload, through the trigger (kernel) or through a plain webhook (report). */
export function normaliseAlert(body: unknown, receivedAt: Date, trust: TrustClass): Alert {
  const { alerts } = normaliseAlerts(body, receivedAt, trust === 'kernel' ? 'falcosidekick' : 'anyone');
  const [alert] = alerts;
  if (alert === undefined) throw new Error('the payload holds no alert');
  return alert;
}

export function alertOf(name = 'pod-delete-test', change: Partial<Alert> = {}): Alert {
  return { ...normaliseAlert(payload(name), RECEIVED_AT, 'kernel'), ...change };
}

/** What manifests/crds fills in where the administrator sets nothing. */
export const CONFIGURATION: Configuration = {
  mode: 'autonomous',
  minimumConfidence: { deletePod: 0.8, quarantinePod: 0.5 },
  deleteFrom: 'warning',
  deleteOnModel: false,
  quarantineOnModel: false,
  ignoreOnModel: false,
  ignoreBelow: 'warning',
  exceptionsBelow: 'error',
  workloadSharePercent: 50,
  quarantineHours: 24,
  approvalHours: 8,
  retentionDays: 30,
  budget: {
    windowMinutes: 60,
    perWorkload: 3,
    perNamespace: 10,
    perCluster: 20,
    namespaceSharePercent: 50,
    namespaceFloor: 2,
  },
  incidents: DEFAULT_INCIDENT_BOUNDS,
  containFirst: { namespaces: [], rules: [], kinds: [] },
  network: { enforced: false, cutsOpenConnections: false },
  isolateDespite: [],
};

export interface ContextChange {
  mode?: FoundContext['namespace']['mode'];
  deletingSince?: string;
  pod?: Partial<FoundContext['pod']>;
  workload?: FoundContext['workload'];
  quarantine?: FoundContext['quarantine'];
  configuration?: Partial<Configuration>;
  policy?: FoundContext['policy'];
}

/** The context of a pod that may be acted on, for an alert. */
export function contextOf(alert: Alert, change: ContextChange = {}): FoundContext {
  return {
    status: 'found',
    readAt: RECEIVED_AT.toISOString(),
    pod: {
      name: alert.target?.pod ?? 'pod',
      uid: alert.target?.podUid ?? '11111111-1111-4111-8111-111111111111',
      resourceVersion: '7',
      createdAt: '2026-11-21T09:00:00.000Z',
      phase: 'Running',
      ready: true,
      deletingSince: null,
      node: 'node',
      serviceAccount: 'default',
      labels: { app: 'web' },
      annotations: {},
      marked: false,
      mirror: false,
      hostNetwork: false,
      bypasses: [],
      owner: null,
      ...change.pod,
    },
    namespace: {
      name: alert.target?.namespace ?? 'playground',
      mode: change.mode ?? 'autonomous',
      deletingSince: change.deletingSince ?? null,
    },
    workload: change.workload ?? null,
    quarantine: change.quarantine ?? null,
    policy: change.policy ?? {
      status: 'read',
      configuration: { ...CONFIGURATION, ...change.configuration },
      exhausted: null,
    },
    readingAgeMs: 0,
    events: [],
    missing: [],
  };
}
