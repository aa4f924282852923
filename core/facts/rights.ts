import type { RightsClass } from '../incident/podFacts';

/** One question to the API server about what a ServiceAccount may do. */
export interface RightAsked {
  verb: string;
  /** The API group; empty for the core group. */
  group: string;
  resource: string;
  subresource?: string;
  /** In the pod's namespace, or in all of them. */
  scope: 'namespace' | 'cluster';
  /** What a yes means. */
  means: 'own' | 'powerful';
}

/**
 * What is asked of a pod's ServiceAccount. Powerful are the rights with which a pod takes over a cluster (kubernetes.io,
 * "RBAC Good Practices", privilege escalation risks). Of the others, each is one that operators, controllers, jobs with
 * kubectl and discovery by the API have, and that no ServiceAccount has by default.
 */
export const RIGHTS_ASKED: readonly RightAsked[] = [
  { verb: '*', group: '*', resource: '*', scope: 'cluster', means: 'powerful' },
  { verb: 'list', group: '', resource: 'secrets', scope: 'cluster', means: 'powerful' },
  { verb: 'create', group: '', resource: 'pods', scope: 'cluster', means: 'powerful' },
  { verb: 'create', group: '', resource: 'pods', subresource: 'exec', scope: 'cluster', means: 'powerful' },
  {
    verb: 'create',
    group: 'rbac.authorization.k8s.io',
    resource: 'clusterrolebindings',
    scope: 'cluster',
    means: 'powerful',
  },
  { verb: 'list', group: '', resource: 'pods', scope: 'namespace', means: 'own' },
  { verb: 'get', group: '', resource: 'pods', scope: 'namespace', means: 'own' },
  { verb: 'get', group: '', resource: 'configmaps', scope: 'namespace', means: 'own' },
  { verb: 'get', group: '', resource: 'secrets', scope: 'namespace', means: 'own' },
  { verb: 'list', group: '', resource: 'services', scope: 'namespace', means: 'own' },
  { verb: 'get', group: 'coordination.k8s.io', resource: 'leases', scope: 'namespace', means: 'own' },
  { verb: 'get', group: 'apps', resource: 'deployments', scope: 'namespace', means: 'own' },
  { verb: 'patch', group: 'apps', resource: 'deployments', scope: 'namespace', means: 'own' },
  { verb: 'get', group: 'batch', resource: 'jobs', scope: 'namespace', means: 'own' },
  { verb: 'list', group: '', resource: 'nodes', scope: 'cluster', means: 'own' },
  { verb: 'get', group: 'apiextensions.k8s.io', resource: 'customresourcedefinitions', scope: 'cluster', means: 'own' },
  {
    verb: 'get',
    group: 'admissionregistration.k8s.io',
    resource: 'validatingwebhookconfigurations',
    scope: 'cluster',
    means: 'own',
  },
  { verb: 'create', group: 'authentication.k8s.io', resource: 'tokenreviews', scope: 'cluster', means: 'own' },
];

/** The answers to `RIGHTS_ASKED`, in its order; null for one that was not answered. */
export type RightAnswers = readonly (boolean | null)[];

/** "list pods", "create pods/exec", "get leases.coordination.k8s.io", "* *". */
export function rightText({ verb, group, resource, subresource }: RightAsked): string {
  const whole = subresource === undefined ? resource : `${resource}/${subresource}`;
  return `${verb} ${whole}${group === '' || group === '*' ? '' : `.${group}`}`;
}

/** What a ServiceAccount may do, by the answers. */
export function rightsOf(answers: RightAnswers | null): { rights: RightsClass; may: string[] } {
  const granted = RIGHTS_ASKED.filter((_, index) => answers?.[index] === true);
  const may = granted.map(
    (right) => `${rightText(right)} in ${right.scope === 'cluster' ? 'the cluster' : 'its namespace'}`,
  );
  if (granted.some(({ means }) => means === 'powerful')) return { rights: 'powerful', may };
  if (RIGHTS_ASKED.some((_, index) => typeof answers?.[index] !== 'boolean')) return { rights: 'unknown', may };
  return { rights: granted.length > 0 ? 'own' : 'none', may };
}
