import { CustomObjectsApi, type KubeConfig, PatchStrategy, setHeaderOptions } from '@kubernetes/client-node';

import { NAMESPACES } from '../../../core/names';
import { anotherUid } from './incident';

/** Where the responder's records are. */
export const RECORDS = { group: 'incident-pipeline.internal', version: 'v1alpha1', namespace: NAMESPACES.responder };
export const API_VERSION = `${RECORDS.group}/${RECORDS.version}`;
export const TIME = '2026-01-01T00:00:00Z';

const MERGE = setHeaderOptions('Content-Type', PatchStrategy.MergePatch);

export const recordsApi = (config: KubeConfig): CustomObjectsApi => config.makeApiClient(CustomObjectsApi);

export const quarantine = (uid: string, name = uid) => ({
  apiVersion: API_VERSION,
  kind: 'Quarantine',
  metadata: { name },
  spec: {
    incident: 'falco-1',
    pod: { namespace: NAMESPACES.playground, name: 'web', uid },
    originalLabels: { app: 'web' },
    decision: { decision: 'quarantine_pod', by: 'playbook', reason: 'a test' },
    requestedAt: TIME,
    until: TIME,
  },
});

export const approval = (name = `incident-${anotherUid().replaceAll('-', '')}`) => ({
  apiVersion: API_VERSION,
  kind: 'Approval',
  metadata: { name },
  spec: {
    incident: 'falco-1',
    requestedAt: TIME,
    expiresAt: TIME,
    rule: 'a rule',
    priority: 'notice',
    why: 'a test',
    item: '{}',
  },
});

export const neoTask = (name = `incident-${anotherUid().replaceAll('-', '')}`) => ({
  apiVersion: API_VERSION,
  kind: 'NeoTask',
  metadata: { name },
  spec: {
    incident: 'falco-1',
    fingerprint: 'a fingerprint',
    claimedAt: TIME,
    organization: 'acme',
    repository: 'github.com/acme/platform',
    stack: '',
    promptVersion: 'a test',
    item: '{}',
  },
});

export const INCIDENT_STATUS = {
  state: 'Open',
  reason: 'a test',
  incident: 'falco-1',
  opening: 1,
  priority: 'notice',
  firstSeen: TIME,
  lastSeen: TIME,
  count: 1,
  counted: 1,
  passed: 1,
  passes: [],
  pods: [],
  samples: [],
};

export const incident = (name = `incident-${anotherUid().replaceAll('-', '')}`) => ({
  apiVersion: API_VERSION,
  kind: 'Incident',
  metadata: { name },
  spec: {
    source: 'falco',
    rule: 'a rule',
    subject: { kind: 'Pod', namespace: NAMESPACES.playground, name: 'web' },
    opened: INCIDENT_STATUS,
  },
});

export type Body = ReturnType<typeof quarantine | typeof approval | typeof neoTask | typeof incident>;

export const pluralOf = ({ kind }: Body): string => `${kind.toLowerCase()}s`;

/** As a client of the API does: what was read, with another status. */
export async function setStatus(api: CustomObjectsApi, plural: string, name: string, status: object | undefined) {
  const read = (await api.getNamespacedCustomObject({ ...RECORDS, plural, name })) as { status?: object };
  const body = { ...read, status };
  return (await api.replaceNamespacedCustomObjectStatus({ ...RECORDS, plural, name, body })) as object;
}

export const patchRecord = (api: CustomObjectsApi, plural: string, name: string, body: object) =>
  api.patchNamespacedCustomObject({ ...RECORDS, plural, name, body }, MERGE);

/** Expects the API server to refuse a call because of the resource's own schema, with this message. */
export async function expectInvalid(call: Promise<unknown>, message: string): Promise<void> {
  await expect(call).rejects.toMatchObject({ code: 422, body: expect.stringContaining(message) as string });
}

export const REFUSALS = {
  created: 'Quarantines, Approvals, NeoTasks and Incidents are created by n8n-responder only',
  status: 'status of a Quarantine, Approval, NeoTask, Incident or ResponsePolicy is written by n8n-responder only',
  statusOnly: 'is changed by n8n-responder only',
  deleted: 'deleted by the group security:break-glass only, with their namespace, or by n8n-responder',
  notFinal: 'only in a final state',
  notOld: "when nobody changed it for the ResponsePolicy's retentionDays",
};
