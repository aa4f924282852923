import { CALICO } from './calico';
import { CILIUM } from './cilium';
import { CLUSTER_POLICIES } from './clusterPolicy';
import type { PolicyKind } from './policyKind';

/** Kinds that allow traffic before or beside NetworkPolicies, and that are not understood here. */
const NOT_UNDERSTOOD: readonly PolicyKind[] = [
  { group: 'crd.antrea.io', kind: 'NetworkPolicy', plural: 'networkpolicies', namespaced: true, opens: null },
  {
    group: 'crd.antrea.io',
    kind: 'ClusterNetworkPolicy',
    plural: 'clusternetworkpolicies',
    namespaced: false,
    opens: null,
  },
];

/** Every kind of network policy beside Kubernetes' own that is looked for. A new one is a file and a line here. */
export const POLICY_KINDS: readonly PolicyKind[] = [...CILIUM, ...CALICO, ...CLUSTER_POLICIES, ...NOT_UNDERSTOOD];

/** The groups whose kinds are looked for. */
export const POLICY_GROUPS: ReadonlySet<string> = new Set(POLICY_KINDS.map(({ group }) => group));
