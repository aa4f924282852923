import { z } from 'zod/v4';

import type { Alert, TrustClass } from '../alert';
import { infrastructureOf, LIMITS, prefixed, presentableFields, presentableName, textOf } from '../fields';
import { fingerprint, incidentId, isUuid } from '../identity';
import { parsePriority } from '../priority';
import type { NamedResource } from '../resource';
import { readTarget, type TargetReading } from '../target';
import { presentable, visible } from '../text';
import { timeOf } from '../time';
import { isExporter, seriesSubject } from './alertmanagerObject';
import type { Source } from './source';

const texts = z.record(z.string(), z.string());

const entrySchema = z.object({
  status: z.enum(['firing', 'resolved']),
  labels: texts,
  annotations: texts,
  startsAt: z.iso.datetime({ offset: true }),
  endsAt: z.string(),
  generatorURL: z.string(),
  fingerprint: z.string().min(1),
});
type Entry = z.infer<typeof entrySchema>;

/** Alertmanager's webhook, version 4 (notify/webhook/webhook.go, template/template.go). One body holds a whole group. */
const payloadSchema = z.object({
  version: z.literal('4'),
  groupKey: z.string(),
  receiver: z.string(),
  truncatedAlerts: z.number().nullish(),
  alerts: z.array(entrySchema).min(1),
});
type Payload = z.infer<typeof payloadSchema>;

/** Alerts of Prometheus, as Alertmanager posts them. Whoever may write rules or metrics writes their labels. */
export const alertmanager: Source = {
  name: 'Alertmanager',
  sender: 'reports',
  recognises: (body) => 'alerts' in body && 'groupKey' in body,
  read: (body, receivedAt, trust) => {
    const payload = payloadSchema.parse(body);
    const [first, ...others] = payload.alerts.map((entry) => toAlert(entry, payload, receivedAt, trust));
    if (first === undefined) throw new TypeError('the schema lets no body without alerts through');
    return { alerts: [first, ...others], passedOver: null };
  },
};

function toAlert(entry: Entry, payload: Payload, receivedAt: string, trust: TrustClass): Alert {
  const { labels, annotations } = entry;
  const name = textOf(labels.alertname) ?? 'Alert without a name';
  const { pod, object } = seriesSubject(labels);
  const { target, problem } = pod ? podOf(labels) : { target: null, problem: noPodBecause(labels, object) };
  return {
    // Alertmanager's own identity of an alert is its labels; a new start is a new incident, a repetition is not.
    id: incidentId(null, ['alertmanager', entry.fingerprint, entry.startsAt]),
    source: 'alertmanager',
    trust,
    status: entry.status,
    rule: presentable(name, LIMITS.key),
    priority: parsePriority(labels.severity ?? ''),
    time: timeOf(entry.startsAt) ?? receivedAt,
    receivedAt,
    target,
    targetProblem: problem,
    tags: [],
    infrastructure: infrastructureOf(labels),
    fields: fieldsOf(entry, payload, object),
    output: presentable(outputOf(annotations), LIMITS.output),
    fingerprint: fingerprint(name, target),
    synthetic: false,
  };
}

/**
 * Where a metric's own labels collide with those of the pod it was scraped from, Prometheus keeps the metric's as
 * `exported_…`. Which of the two pods is meant cannot be known then.
 */
function noPodBecause(labels: Readonly<Record<string, string>>, object: NamedResource | null): string {
  if (object !== null) {
    const name = [object.namespace, object.name].filter((part) => part !== null).join('/');
    return `the alert is about ${visible(`${object.kind ?? ''} ${name}`, 512)}, not a pod`;
  }
  if ('exported_pod' in labels || 'exported_namespace' in labels)
    return 'the labels name two pods, as pod and as exported_pod';
  return textOf(labels.pod) === null
    ? 'the alert names no namespace and pod'
    : 'the pod in the labels is that of an exporter, which reports on something else';
}

function podOf(labels: Readonly<Record<string, string>>): TargetReading {
  const uid = labels.uid ?? '';
  return readTarget({
    namespace: textOf(labels.namespace),
    pod: textOf(labels.pod),
    podUid: isUuid(uid) ? uid : null,
    // With honor_labels, a series without a container of its own has that of the exporter.
    container: isExporter(textOf(labels.container)) ? null : presentableName(labels.container),
    image: presentableName(labels.image),
  });
}

function outputOf({ summary, description, message }: Readonly<Record<string, string>>): string {
  return [summary, description, message]
    .map(textOf)
    .filter((text) => text !== null)
    .join(': ');
}

function fieldsOf(
  { labels, annotations, endsAt, generatorURL, status }: Entry,
  payload: Payload,
  object: NamedResource | null,
): Alert['fields'] {
  return presentableFields({
    ...(object === null
      ? {}
      : {
          'resource.kind': object.kind,
          'resource.namespace': object.namespace,
          'resource.name': object.name,
        }),
    receiver: payload.receiver,
    groupKey: payload.groupKey,
    ...(payload.truncatedAlerts ? { truncatedAlerts: payload.truncatedAlerts } : {}),
    generatorURL,
    ...(status === 'resolved' ? { endsAt } : {}),
    ...prefixed('label', labels),
    ...prefixed('annotation', annotations),
  });
}
