import { detectorSubject, type Subject, subjectOf, targetSubject } from '../subject';

type Labels = Readonly<Record<string, string>>;

/** Labels that name an object of Kubernetes: kube-state-metrics', and those of the rules that use it. */
const OBJECTS: readonly (readonly [label: string, kind: string])[] = [
  ['deployment', 'Deployment'],
  ['statefulset', 'StatefulSet'],
  ['daemonset', 'DaemonSet'],
  ['cronjob', 'CronJob'],
  ['job_name', 'Job'],
  ['replicaset', 'ReplicaSet'],
  ['replicationcontroller', 'ReplicationController'],
  ['horizontalpodautoscaler', 'HorizontalPodAutoscaler'],
  ['poddisruptionbudget', 'PodDisruptionBudget'],
  ['persistentvolumeclaim', 'PersistentVolumeClaim'],
  ['persistentvolume', 'PersistentVolume'],
  ['resourcequota', 'ResourceQuota'],
  ['ingress', 'Ingress'],
];

/** What else an alert may be about, the narrowest first. */
const OTHERS: readonly (readonly [label: string, kind: string])[] = [
  ['node', 'Node'],
  ['nodename', 'Node'],
  ['kubernetes_node', 'Node'],
  ['policy_name', 'Policy'],
  ['host', 'Host'],
  ['hostname', 'Host'],
  ['image', 'Image'],
  ['instance', 'Instance'],
  ['service', 'Service'],
  ['exported_namespace', 'Namespace'],
  ['namespace', 'Namespace'],
  ['cluster', 'Cluster'],
  ['job', 'Scrape job'],
];

/** Exporters that speak of others: their own pod is what was scraped, not what the series is about. */
const EXPORTER = /kube-state-metrics|node-exporter|blackbox-exporter/;

/** What a series is about, by its labels, which whoever may write metrics or rules writes. */
export function seriesSubject(labels: Labels, target: { namespace: string; pod: string } | null): Subject {
  const namespace = labels.exported_namespace ?? labels.namespace;
  return (
    subjectOf(labels.resource_kind, labels.resource_name, labels.resource_namespace ?? namespace) ??
    subjectOf(capital(labels.workload_type), labels.workload, namespace) ??
    first(OBJECTS, labels, namespace) ??
    subjectOf('Pod', labels.exported_pod, namespace) ??
    (target === null || EXPORTER.test(target.pod) ? null : targetSubject(target)) ??
    (EXPORTER.test(labels.pod ?? '') ? null : subjectOf('Pod', labels.pod, namespace)) ??
    first(OTHERS, labels, null) ??
    detectorSubject('alertmanager')
  );
}

function first(table: typeof OBJECTS, labels: Labels, namespace: string | null | undefined): Subject | null {
  for (const [label, kind] of table) {
    const subject = subjectOf(kind, labels[label], kind === 'PersistentVolume' ? null : namespace);
    if (subject !== null) return subject;
  }
  return null;
}

/** kubernetes-mixin writes "deployment". */
function capital(kind: string | undefined): string | undefined {
  const kinds = OBJECTS.map(([, name]) => name);
  return kinds.find((name) => name.toLowerCase() === kind) ?? kind;
}
