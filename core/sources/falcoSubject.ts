import type { NamedSubject } from './draft';
import { textOf } from './fields';
import { subjectOf } from './subject';

type Fields = Readonly<Record<string, unknown>>;

/**
 * Fields in which Falco's plugins name what an event is about (falcosecurity/plugins: gcpaudit, cloudtrail, github,
 * okta), the narrowest first: a bucket is more specific than its account.
 */
const NAMED: readonly (readonly [kind: string, field: string])[] = [
  ['Bucket', 's3.bucket'],
  ['Bucket', 'gcp.storage.bucket'],
  ['Database', 'gcp.cloudsql.databaseId'],
  ['Function', 'gcp.cloudfunctions.function'],
  ['Function', 'ct.request.functionname'],
  ['Repository', 'github.repo.name'],
  ['Repository', 'github.repo.url'],
  ['Repository', 'github.repo'],
  ['Organization', 'github.org'],
  ['User', 'okta.target.user.name'],
  ['User', 'okta.target.user.alternateid'],
  ['Group', 'okta.target.group.name'],
  ['User', 'okta.actor.name'],
  ['User', 'okta.actor.alternateid'],
  // Who assumed a role, whose name is then in ct.user.
  ['User', 'ct.originaluser'],
  ['User', 'ct.user'],
  ['Principal', 'ct.user.arn'],
  ['Principal', 'ct.user.principalid'],
  ['Account', 'ct.user.accountid'],
  ['User', 'gcp.user'],
  ['Project', 'gcp.projectId'],
  ['User', 'github.user'],
  ['Service', 'ct.src'],
];

/** Resources whose kind is not simply their capitalized singular. */
const KINDS: ReadonlyMap<string, string> = new Map([
  ['clusterrolebindings', 'ClusterRoleBinding'],
  ['clusterroles', 'ClusterRole'],
  ['configmaps', 'ConfigMap'],
  ['cronjobs', 'CronJob'],
  ['customresourcedefinitions', 'CustomResourceDefinition'],
  ['daemonsets', 'DaemonSet'],
  ['endpoints', 'Endpoints'],
  ['endpointslices', 'EndpointSlice'],
  ['horizontalpodautoscalers', 'HorizontalPodAutoscaler'],
  ['ingresses', 'Ingress'],
  ['mutatingwebhookconfigurations', 'MutatingWebhookConfiguration'],
  ['networkpolicies', 'NetworkPolicy'],
  ['persistentvolumeclaims', 'PersistentVolumeClaim'],
  ['persistentvolumes', 'PersistentVolume'],
  ['poddisruptionbudgets', 'PodDisruptionBudget'],
  ['replicasets', 'ReplicaSet'],
  ['rolebindings', 'RoleBinding'],
  ['serviceaccounts', 'ServiceAccount'],
  ['statefulsets', 'StatefulSet'],
  ['storageclasses', 'StorageClass'],
  ['validatingwebhookconfigurations', 'ValidatingWebhookConfiguration'],
]);

/** What a Falco event is about: a pod, else the object in an audit or cloud log, else the container or the host. */
export function falcoSubject(fields: Fields, hostname: string | null | undefined): NamedSubject | null {
  return (
    subjectOf('Pod', fields['k8s.pod.name'], fields['k8s.ns.name']) ??
    auditedObject(fields) ??
    named(fields) ??
    container(fields) ??
    subjectOf('Host', hostname)
  );
}

/** The object of a Kubernetes API request, else the account that made it (plugin k8saudit). */
function auditedObject(fields: Fields): NamedSubject | null {
  const name = ['ka.target.name', 'ka.target.pod.name', 'ka.resp.name', 'ka.req.configmap.name']
    .map((field) => fields[field])
    .find((value) => subjectOf('?', value) !== null);
  const resource = textOf(fields['ka.target.resource']);
  const kind = resource === null ? impliedKind(fields) : kindOf(resource);
  return subjectOf(kind, name, fields['ka.target.namespace']) ?? accountSubject(fields['ka.user.name']);
}

function kindOf(resource: string): string {
  return (
    KINDS.get(resource) ??
    resource
      .replace(/^[a-z]/, (first) => first.toUpperCase())
      .replace(/ies$/, 'y')
      .replace(/(?<=ss)es$|s$/, '')
  );
}

/** Rules may name the object without its resource: only pods have these subresources, and each request its own fields. */
const IMPLIED: readonly (readonly [kind: string, field: RegExp])[] = [
  ['Pod', /^ka\.(?:target\.pod|req\.pod|req\.container)\./],
  ['ConfigMap', /^ka\.req\.configmap\./],
  ['Service', /^ka\.req\.service\./],
];
const POD_SUBRESOURCES: readonly unknown[] = [
  'attach',
  'ephemeralcontainers',
  'eviction',
  'exec',
  'log',
  'portforward',
];

function impliedKind(fields: Fields): string | null {
  if (POD_SUBRESOURCES.includes(fields['ka.target.subresource'])) return 'Pod';
  return IMPLIED.find(([, field]) => Object.keys(fields).some((name) => field.test(name)))?.[0] ?? null;
}

/** Kubernetes names its own accounts `system:serviceaccount:NAMESPACE:NAME` and `system:node:NAME`. */
function accountSubject(user: unknown): NamedSubject | null {
  const [, type, first, second] = typeof user === 'string' ? user.split(':') : [];
  if (type === 'serviceaccount') return subjectOf('ServiceAccount', second, first);
  if (type === 'node') return subjectOf('Node', first);
  return subjectOf('User', user);
}

function named(fields: Fields): NamedSubject | null {
  for (const [kind, field] of NAMED) {
    const subject = subjectOf(kind, fields[field]);
    if (subject !== null) return subject;
  }
  return null;
}

function container(fields: Fields): NamedSubject | null {
  const id = fields['container.id'];
  return id === 'host' ? null : (subjectOf('Container', fields['container.name']) ?? subjectOf('Container', id));
}
