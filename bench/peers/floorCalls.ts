import { RIGHTS_ASKED } from '../../core/facts/rights.js';
import { newIncidentRecord, type IncidentRecord, type IncidentStatus } from '../../core/incident/incidentRecord.js';
import { ANNOTATIONS, CUSTOM_RESOURCES, LABELS, QUARANTINED_VALUE } from '../../core/names.js';
import { withinWindow } from '../../core/policy/budget.js';
import { incidentEvent } from '../../core/response/event.js';
import { encodeLabels } from '../../core/response/originalLabels.js';
import { newRecord, type QuarantineRecord } from '../../core/response/record.js';
import { type ApiServer, OWN } from './floorServer.js';

const { incidents: INCIDENTS, quarantines: QUARANTINES } = CUSTOM_RESOURCES;
/** As long as the pipeline remembers what a ServiceAccount may do, and isolates a pod. */
const RIGHTS_MS = 60_000;
const QUARANTINE_MS = 24 * 3_600_000;

/** What is read of a Falco alert. */
export interface SeenAlert {
  uuid: string;
  rule: string;
  output_fields: Record<'k8s.ns.name' | 'k8s.pod.name' | 'k8s.pod.uid', string>;
}

const podOf = ({ output_fields: fields }: SeenAlert) => ({
  namespace: fields['k8s.ns.name'],
  name: fields['k8s.pod.name'],
  uid: fields['k8s.pod.uid'],
});

/** Opens an alert's incident. */
export function open(api: ApiServer, alert: SeenAlert): Promise<IncidentRecord> {
  const { namespace, name, uid } = podOf(alert);
  const now = new Date().toISOString();
  const opened: IncidentStatus = {
    state: 'Open',
    reason: 'being analysed',
    incident: alert.uuid,
    opening: 1,
    priority: 'notice',
    firstSeen: now,
    lastSeen: now,
    count: 1,
    counted: 1,
    passed: 1,
    passes: [{ at: now, why: 'opened', pod: uid, model: false, notify: false }],
    pods: [uid],
    samples: [],
  };
  const subject = { kind: 'Pod', namespace, name };
  // The name is 32 hex digits, as a uid is.
  const incident = newIncidentRecord(`incident-${uid.replaceAll('-', '')}`, {
    source: 'falco',
    rule: alert.rule,
    subject,
    opened,
  });
  return api.call('POST', `${OWN}/${INCIDENTS}`, incident);
}

/** Isolates an alert's pod, reads back, and records it. */
export async function contain(api: ApiServer, alert: SeenAlert, incident: IncidentRecord): Promise<void> {
  const pod = podOf(alert);
  await askRights(api, pod.namespace);
  const now = new Date();
  const requestedAt = now.toISOString();
  const until = new Date(now.getTime() + QUARANTINE_MS).toISOString();
  const originalLabels = { app: pod.name };
  const decision = { decision: 'quarantine_pod', by: 'playbook', reason: 'the floor of a benchmark' } as const;
  const record = newRecord({ incident: alert.uuid, pod, originalLabels, decision, requestedAt, until });
  const unit = { pod: pod.uid, namespace: pod.namespace, workload: 'Pod', incident: alert.uuid, at: requestedAt };
  const [, written] = await Promise.all([
    api.call('GET', `/api/v1/namespaces/${pod.namespace}`),
    api.call<QuarantineRecord>('POST', `${OWN}/${QUARANTINES}`, record),
    api.changePolicy(({ spec, status }) => ({
      ...status,
      reservations: [...withinWindow(status?.reservations ?? [], spec.budget, now), unit],
    })),
  ]);
  await api.call('PATCH', `/api/v1/namespaces/${pod.namespace}/pods/${pod.name}`, {
    metadata: {
      uid: pod.uid,
      labels: { [LABELS.quarantined]: QUARANTINED_VALUE },
      annotations: {
        [ANNOTATIONS.incidentId]: alert.uuid,
        [ANNOTATIONS.quarantinedAt]: requestedAt,
        [ANNOTATIONS.quarantinedUntil]: until,
        [ANNOTATIONS.originalLabels]: encodeLabels(originalLabels),
      },
    },
  });
  await api.call('GET', `/apis/networking.k8s.io/v1/namespaces/${pod.namespace}/networkpolicies`);
  const status = { state: 'Quarantined', contained: 'partial', gaps: [], detached: false };
  const changed = { ...status, quarantinedAt: requestedAt, changedAt: requestedAt };
  await api.call('PUT', `${OWN}/${QUARANTINES}/${record.metadata.name}/status`, { ...written, status: changed });
  const event = incidentEvent({ ...pod, kind: 'Pod' }, 'PodQuarantined', decision.reason, now);
  await api.call('POST', `/api/v1/namespaces/${pod.namespace}/events`, event);
  const ended = { ...incident.spec.opened, state: 'Contained', reason: decision.reason };
  await api.call('PUT', `${OWN}/${INCIDENTS}/${incident.metadata.name}/status`, { ...incident, status: ended });
}

const asked = new Map<string, { answers: Promise<unknown>; until: number }>();

/** What the namespace's ServiceAccount may do, by as many questions as the pipeline asks, and as rarely. */
async function askRights(api: ApiServer, namespace: string): Promise<void> {
  const known = asked.get(namespace);
  if (known !== undefined && performance.now() < known.until) return void (await known.answers);
  const user = `system:serviceaccount:${namespace}:default`;
  const questions = RIGHTS_ASKED.map(({ verb, group, resource, subresource, scope }) => ({
    ...(scope === 'namespace' ? { namespace } : {}),
    verb,
    group,
    resource,
    ...(subresource === undefined ? {} : { subresource }),
  }));
  const answers = Promise.all(
    questions.map((resourceAttributes) =>
      api.call('POST', '/apis/authorization.k8s.io/v1/subjectaccessreviews', {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SubjectAccessReview',
        spec: { user, resourceAttributes },
      }),
    ),
  );
  asked.set(namespace, { answers, until: performance.now() + RIGHTS_MS });
  await answers;
}
