import { z } from 'zod/v4';

import { visible } from '../text/sanitize';
import { isExporter, seriesObject } from './alertmanagerObject';
import { type ClaimedTarget, type Draft, type DraftField, ownFields, prefixed } from './draft';
import { infrastructureOf, isUuid, textOf } from './fields';
import { fewEntries, isRecord, MOST_ALERTS } from './limits';
import type { NamedResource } from './resource';
import { seriesSubject } from './seriesSubject';
import type { Body, Source } from './source';

const texts = fewEntries(z.string());

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

/** Alerts of Prometheus, as Alertmanager posts them. Everyone who may write rules or metrics can write their labels. */
export const alertmanager = {
  id: 'alertmanager',
  label: 'Alertmanager',
  noun: 'Prometheus alert',
  format: 'Alertmanager',
  sender: 'reports',
  recognises: (body) => 'alerts' in body && 'groupKey' in body,
  read: (body) => {
    const { alerts, leftOut } = chosen(body);
    const payload = payloadSchema.parse({ ...headOf(body), alerts });
    return { drafts: drafts({ ...payload, leftOut }), count: payload.alerts.length, leftOut, skipped: null };
  },
} as const satisfies Source;

function headOf(body: Body): Record<string, unknown> {
  const { version, groupKey, receiver, truncatedAlerts } = body;
  return { version, groupKey, receiver, truncatedAlerts };
}

/** The alerts of a group that are read: if there are too many, firing ones come first. */
function chosen({ alerts }: Body): { alerts: unknown; leftOut: number } {
  if (!Array.isArray(alerts) || alerts.length <= MOST_ALERTS) return { alerts, leftOut: 0 };
  const all: readonly unknown[] = alerts;
  const isOver = (entry: unknown) => isRecord(entry) && entry.status === 'resolved';
  const ordered = [...all.filter((entry) => !isOver(entry)), ...all.filter(isOver)];
  return { alerts: ordered.slice(0, MOST_ALERTS), leftOut: all.length - MOST_ALERTS };
}

/** The properties that all alerts of a group share. */
interface Group extends Payload {
  /** How many alerts were not read, so that a person is informed. */
  leftOut: number;
}

/** Each alert has the number of omitted alerts; the first also shows it in its output, which everybody reads. */
function* drafts(group: Group): Generator<Draft> {
  for (const [index, entry] of group.alerts.entries()) {
    const draft = toDraft(entry, group);
    yield index > 0 || group.leftOut === 0
      ? draft
      : {
          ...draft,
          output: `[${group.leftOut} more alerts of this group were not read: see Alertmanager] ${draft.output}`,
        };
  }
}

function toDraft(entry: Entry, group: Group): Draft {
  const { annotations, status, startsAt } = entry;
  const labels = podLabels(entry.labels);
  const { pod, object } = seriesObject(labels);
  return {
    // Alertmanager identifies an alert by its labels; a new start time is a new incident, a repetition is not.
    event: ['alertmanager', entry.fingerprint, startsAt],
    status,
    rule: textOf(labels.alertname) ?? textOf(labels.rule) ?? 'Alert without a name',
    priority: labels.severity ?? '',
    time: startsAt,
    target: pod ? podOf(labels) : { problem: noPodBecause(labels, object) },
    subject: seriesSubject(labels, object),
    infrastructure: infrastructureOf(labels),
    fields: fieldsOf(entry, group, object),
    output: outputOf(annotations),
  };
}

/** Falcosidekick's labels are Falco's fields, with `_` for every dot, and until 2.32 no alertname but the rule. */
function podLabels(labels: Entry['labels']): Entry['labels'] {
  const pod = textOf(labels.k8s_pod_name);
  if (pod === null || 'pod' in labels) return labels;
  const { k8s_ns_name: namespace = '', k8s_pod_uid: uid = '', container_name: container = '' } = labels;
  return { ...labels, namespace, pod, uid, container };
}

/**
 * If a metric's own labels collide with those of the scraped pod, Prometheus keeps the metric's labels as `exported_…`.
 * It is then unknown which of the two pods is meant.
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

function podOf(labels: Readonly<Record<string, string>>): ClaimedTarget {
  const uid = labels.uid ?? '';
  return {
    namespace: textOf(labels.namespace),
    pod: textOf(labels.pod),
    podUid: isUuid(uid) ? uid : null,
    // With honor_labels, a series without a container of its own has the exporter's container.
    container: isExporter(textOf(labels.container)) ? null : textOf(labels.container),
    image: textOf(labels.image),
  };
}

/** The usual annotations, or, in an alert that has none of them, whatever others say besides addresses. */
function outputOf(annotations: Entry['annotations']): string {
  const { summary, description, message } = annotations;
  const usual = textsOf([summary, description, message]);
  const texts = usual.length > 0 ? usual : textsOf(Object.values(annotations)).filter((text) => !/^https?:/.test(text));
  return texts.join(': ');
}

function textsOf(values: readonly unknown[]): string[] {
  return values.map(textOf).filter((text) => text !== null);
}

function fieldsOf(
  { labels, annotations, endsAt, generatorURL, status }: Entry,
  group: Group,
  object: NamedResource | null,
): DraftField[] {
  const own = ownFields({
    ...(object === null
      ? {}
      : {
          'resource.kind': object.kind,
          'resource.namespace': object.namespace,
          'resource.name': object.name,
        }),
    receiver: group.receiver,
    groupKey: group.groupKey,
    ...(group.truncatedAlerts ? { truncatedAlerts: group.truncatedAlerts } : {}),
    ...(group.leftOut > 0 ? { alertsLeftOut: group.leftOut } : {}),
    generatorURL,
    ...(status === 'resolved' ? { endsAt } : {}),
  });
  return [...own, ...prefixed('label', labels), ...prefixed('annotation', annotations)];
}
