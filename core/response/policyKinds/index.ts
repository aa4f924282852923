import { CALICO } from './calico';
import { CILIUM } from './cilium';
import { CLUSTER_POLICIES } from './clusterPolicy';
import type { PolicyKind } from './policyKind';

/** Kinds that allow traffic before or besides NetworkPolicies and that this code cannot evaluate. */
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

/** Every kind of network policy that is checked besides Kubernetes' own. A new kind is one file and one line here. */
export const POLICY_KINDS: readonly PolicyKind[] = [...CILIUM, ...CALICO, ...CLUSTER_POLICIES, ...NOT_UNDERSTOOD];

/** The API groups of these kinds. */
export const POLICY_GROUPS: ReadonlySet<string> = new Set(POLICY_KINDS.map(({ group }) => group));
