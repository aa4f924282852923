import { textOf } from './fields';
import type { NamedResource } from './resource';

type Labels = Readonly<Record<string, string>>;

/**
 * Labels with which kube-state-metrics and others name a workload. The names of its pods begin with the workload's
 * name.
 */
const WORKLOADS: readonly [label: string, kind: string][] = [
  ['deployment', 'Deployment'],
  ['statefulset', 'StatefulSet'],
  ['daemonset', 'DaemonSet'],
  ['replicaset', 'ReplicaSet'],
  ['replicationcontroller', 'ReplicationController'],
  ['job_name', 'Job'],
  ['cronjob', 'CronJob'],
  ['horizontalpodautoscaler', 'HorizontalPodAutoscaler'],
  ['hpa', 'HorizontalPodAutoscaler'],
  ['poddisruptionbudget', 'PodDisruptionBudget'],
];

/** The kinds of workloads that have a label of their own. */
export const WORKLOAD_KINDS: readonly string[] = [...new Set(WORKLOADS.map(([, kind]) => kind))];

/** Labels of other objects that a pod's own series can name besides the pod. */
const OTHERS: readonly [label: string, kind: string][] = [
  ['persistentvolumeclaim', 'PersistentVolumeClaim'],
  ['resourcequota', 'ResourceQuota'],
  ['ingress', 'Ingress'],
  ['configmap', 'ConfigMap'],
  ['secret', 'Secret'],
  ['networkpolicy', 'NetworkPolicy'],
  ['serviceaccount', 'ServiceAccount'],
  ['rolebinding', 'RoleBinding'],
  ['limitrange', 'LimitRange'],
  ['verticalpodautoscaler', 'VerticalPodAutoscaler'],
  ['persistentvolume', 'PersistentVolume'],
  ['volumeattachment', 'VolumeAttachment'],
  ['storageclass', 'StorageClass'],
  ['ingressclass', 'IngressClass'],
  ['clusterrolebinding', 'ClusterRoleBinding'],
  ['clusterrole', 'ClusterRole'],
  ['certificatesigningrequest', 'CertificateSigningRequest'],
  ['mutatingwebhookconfiguration', 'MutatingWebhookConfiguration'],
  ['validatingwebhookconfiguration', 'ValidatingWebhookConfiguration'],
  ['node', 'Node'],
];

/** Cluster-scoped kinds: the label `namespace` is then that of the exporter. */
const CLUSTER_SCOPED: readonly string[] = [
  'PersistentVolume',
  'VolumeAttachment',
  'StorageClass',
  'IngressClass',
  'ClusterRoleBinding',
  'ClusterRole',
  'CertificateSigningRequest',
  'MutatingWebhookConfiguration',
  'ValidatingWebhookConfiguration',
  'Node',
];

/** Exporters report the state of something else: the labels `pod` and `container` can be the exporter's own. */
const EXPORTER =
  /(?:^|[-_/])(?:kube-?state-?metrics|(?:kube|openshift)-state-metrics|[a-z0-9-]*exporter|pushgateway|trivy-operator|policy-reporter|kyverno|falcosidekick)(?:$|[-_/])/;

/** The object that a series is about. */
interface SeriesObject {
  /** Whether it is the pod in the labels `namespace` and `pod`. */
  pod: boolean;
  /** The object, if it is not that pod. */
  object: NamedResource | null;
}

/** The object that an alert's series is about, according to the labels from its metric and its scrape. */
export function seriesObject(labels: Labels): SeriesObject {
  const exported = 'exported_pod' in labels || 'exported_namespace' in labels;
  const exporter = isExportersPod(labels);
  const workload = reported(labels) ?? named(labels, WORKLOADS);
  const pod = textOf(labels.pod);
  if (workload !== null && !(pod !== null && !exported && !exporter && isPodOf(pod, workload)))
    return { pod: false, object: workload };
  if (pod !== null && !exported && !exporter) return { pod: true, object: null };
  return { pod: false, object: pair(labels) ?? named(labels, OTHERS) ?? service(labels) };
}

/** Whether a name is that of an exporter. */
export function isExporter(name: string | null): boolean {
  return name !== null && EXPORTER.test(name.slice(0, 253));
}

/** Whether the scrape's labels, such as `instance`, say where a series about objects comes from, not what it is about. */
export function isFromReporter(labels: Labels): boolean {
  return 'exported_namespace' in labels || (isExportersPod(labels) && !(labels.pod ?? '').includes('exporter'));
}

/** By the pod's own name, or by the name of its container, job or service if these match the pod as well. */
export function isExportersPod({ pod, container, job, service }: Labels): boolean {
  if (pod === undefined) return false;
  if (isExporter(pod)) return true;
  const owner = [container, job, service];
  return owner.some((name) => isExporter(textOf(name))) && owner.some((name) => textOf(name) && isPodOf(pod, { name }));
}

function isPodOf(pod: string, { name }: { name?: string | null | undefined }): boolean {
  return pod.startsWith(`${name ?? ''}-`);
}

/** The object as named by Trivy's and Kyverno's own metrics. */
function reported(labels: Labels): NamedResource | null {
  const [kind, name] = [textOf(labels.resource_kind), textOf(labels.resource_name)];
  if (kind === null || name === null) return null;
  return { kind, name, namespace: textOf(labels.resource_namespace) ?? namespaceOf(labels), uid: null };
}

/** `kind` and `name`, as policy-reporter and Flux write them: only of an exporter, since a program's may mean anything. */
function pair(labels: Labels): NamedResource | null {
  const [kind, name] = [textOf(labels.customresource_kind) ?? textOf(labels.kind), textOf(labels.name)];
  if (kind === null || name === null || !/^[A-Z][A-Za-z]{1,62}$/.test(kind)) return null;
  return { kind, name, namespace: CLUSTER_SCOPED.includes(kind) ? null : namespaceOf(labels), uid: null };
}

/** With honor_labels, a Service's own series has its name instead of that of the scraped Service. */
function service(labels: Labels): NamedResource | null {
  const name = textOf(labels.service);
  const isScraped = name === null || isExporter(name) || isPodOf(labels.pod ?? '', { name });
  return isScraped || !isFromReporter(labels) || 'exported_namespace' in labels
    ? null
    : { kind: 'Service', name, namespace: namespaceOf(labels), uid: null };
}

function named(labels: Labels, known: readonly [label: string, kind: string][]): NamedResource | null {
  for (const [label, kind] of known) {
    const name = textOf(labels[label]);
    if (name !== null)
      return { kind, name, namespace: CLUSTER_SCOPED.includes(kind) ? null : namespaceOf(labels), uid: null };
  }
  return null;
}

/** If the metric's own namespace collides with that of the scrape, the exported one is the metric's. */
function namespaceOf(labels: Labels): string | null {
  return textOf(labels.exported_namespace) ?? textOf(labels.namespace);
}
