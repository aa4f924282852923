import { z } from 'zod/v4';

import { any, type Certainty, type LabelSelector, type Lookup, selection } from '../selector';
import { type IsolatedPod, lookupIn, type PolicyKind } from './policyKind';

const selectorSchema = z.object({
  matchLabels: z.record(z.string(), z.string()).optional(),
  matchExpressions: z
    .array(z.object({ key: z.string(), operator: z.string(), values: z.array(z.string()).optional() }))
    .optional(),
});

const ruleSchema = z.object({
  /** Absent in a policy for nodes. */
  endpointSelector: selectorSchema.optional(),
  ingress: z.array(z.looseObject({})).nullish(),
  egress: z.array(z.looseObject({})).nullish(),
});

const policySchema = z.object({ spec: ruleSchema.nullish(), specs: z.array(ruleSchema).nullish() });

/**
 * CiliumNetworkPolicy and CiliumClusterwideNetworkPolicy (cilium.io/v2) add to NetworkPolicies. A rule without
 * conditions is Cilium's way to deny everything (docs.cilium.io, "Ingress/Egress Default Deny").
 */
function opens(object: unknown, pod: IsolatedPod): Certainty {
  const read = policySchema.safeParse(object);
  if (!read.success) return 'unsure';
  const { spec, specs } = read.data;
  return any(
    [...(spec ? [spec] : []), ...(specs ?? [])].map(({ endpointSelector, ingress, egress }) =>
      endpointSelector !== undefined && [...(ingress ?? []), ...(egress ?? [])].some(allows)
        ? selection(endpointSelector as LabelSelector, lookupFor(pod))
        : 'no',
    ),
  );
}

const allows = (rule: object): boolean => Object.keys(rule).length > 0;

const NAMESPACE_LABELS = 'io.cilium.k8s.namespace.labels.';

/** Cilium's keys name their source, and Cilium adds labels to each pod (docs.cilium.io, "Endpoint Selector"). */
function lookupFor({ namespace, labels, serviceAccount, namespaceLabels }: IsolatedPod): Lookup {
  return (written) => {
    const [, source, key = ''] = /^(?:([a-z0-9]+):)?(.*)$/s.exec(written) ?? [];
    if (source !== undefined && source !== 'k8s' && source !== 'any') return null;
    if (key === 'io.kubernetes.pod.namespace') return namespace;
    if (key === 'io.cilium.k8s.policy.serviceaccount') return serviceAccount;
    if (key.startsWith(NAMESPACE_LABELS)) return lookupIn(namespaceLabels)(key.slice(NAMESPACE_LABELS.length));
    if (key.startsWith('io.cilium.')) return null;
    return lookupIn(labels)(key);
  };
}

export const CILIUM: readonly PolicyKind[] = [
  { group: 'cilium.io', kind: 'CiliumNetworkPolicy', plural: 'ciliumnetworkpolicies', namespaced: true, opens },
  {
    group: 'cilium.io',
    kind: 'CiliumClusterwideNetworkPolicy',
    plural: 'ciliumclusterwidenetworkpolicies',
    namespaced: false,
    opens,
  },
];
