import { isExportersPod, isFromReporter, WORKLOAD_KINDS } from './alertmanagerObject';
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
  ['namespace', 'Namespace'],
  ['cluster', 'Cluster'],
  ['job', 'Scrape job'],
];

/** Of these, the ones that a scrape adds. */
const SCRAPED: readonly string[] = ['instance', 'service', 'job'];

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
    (isExportersPod(labels) || 'exported_namespace' in labels ? null : subjectOf('Pod', labels.pod, namespace)) ??
    other(labels)
  );
}

/** A label that collided with the scrape's is kept as `exported_…`. */
function other(labels: Labels): NamedSubject | null {
  const fromReporter = isFromReporter(labels);
  for (const [label, kind] of OTHERS) {
    const own = fromReporter && SCRAPED.includes(label) ? null : labels[label];
    const subject = subjectOf(kind, labels[`exported_${label}`]) ?? subjectOf(kind, own);
    if (subject !== null) return subject;
  }
  return null;
}

/** kubernetes-mixin writes "deployment" in lower case. */
function workloadKind(text: string | undefined): string | undefined {
  return WORKLOAD_KINDS.find((kind) => kind.toLowerCase() === text) ?? text;
}
