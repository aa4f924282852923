import { isExporter, WORKLOAD_KINDS } from './alertmanagerObject';
import type { NamedSubject } from './draft';
import type { NamedResource } from './resource';
import { subjectOf } from './subject';

type Labels = Readonly<Record<string, string>>;

/** Other subjects of an alert, the narrowest first. */
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

/**
 * What a series is about, according to its labels, or null when they name nothing. Everyone who may write metrics or rules can write them.
 * @param object the object that the series reports on, if it is not the pod of its labels
 */
export function seriesSubject(labels: Labels, object: NamedResource | null): NamedSubject | null {
  const namespace = labels.exported_namespace ?? labels.namespace;
  return (
    subjectOf(object?.kind, object?.name, object?.namespace) ??
    subjectOf(workloadKind(labels.workload_type), labels.workload, namespace) ??
    subjectOf('Pod', labels.exported_pod, namespace) ??
    (isExporter(labels.pod ?? null) ? null : subjectOf('Pod', labels.pod, namespace)) ??
    other(labels)
  );
}

function other(labels: Labels): NamedSubject | null {
  for (const [label, kind] of OTHERS) {
    const subject = subjectOf(kind, labels[label]);
    if (subject !== null) return subject;
  }
  return null;
}

/** kubernetes-mixin writes "deployment" in lower case. */
function workloadKind(text: string | undefined): string | undefined {
  return WORKLOAD_KINDS.find((kind) => kind.toLowerCase() === text) ?? text;
}
