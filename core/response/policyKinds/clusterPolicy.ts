import { z } from 'zod/v4';

import { all, type Certainty, type LabelSelector, selection } from '../selector';
import { type IsolatedPod, lookupIn, type PolicyKind } from './policyKind';

const selectorSchema = z.object({
  matchLabels: z.record(z.string(), z.string()).optional(),
  matchExpressions: z
    .array(z.object({ key: z.string(), operator: z.string(), values: z.array(z.string()).optional() }))
    .optional(),
});

const rulesSchema = z.array(z.object({ action: z.string() })).nullish();

const policySchema = z.object({
  spec: z.object({
    tier: z.string().optional(),
    subject: z.object({
      namespaces: selectorSchema.optional(),
      pods: z
        .object({ namespaceSelector: selectorSchema.optional(), podSelector: selectorSchema.optional() })
        .optional(),
    }),
    ingress: rulesSchema,
    egress: rulesSchema,
  }),
});

/**
 * AdminNetworkPolicy (policy.networking.k8s.io/v1alpha1) and its successor ClusterNetworkPolicy (v1alpha2): they are
 * evaluated before any NetworkPolicy, so traffic that an administrator allows there is allowed. `Pass` continues with
 * the NetworkPolicies. The tier Baseline comes after them, so it does not affect a pod that the quarantine selects;
 * neither does BaselineAdminNetworkPolicy, which is therefore not read.
 */
function opens(object: unknown, { labels, namespaceLabels }: IsolatedPod): Certainty {
  const read = policySchema.safeParse(object);
  if (!read.success) return 'unsure';
  const { tier, subject, ingress, egress } = read.data.spec;
  if (tier === 'Baseline') return 'no';
  const allows = [...(ingress ?? []), ...(egress ?? [])].some(({ action }) => action !== 'Deny' && action !== 'Pass');
  if (!allows) return 'no';
  const namespace = lookupIn(namespaceLabels);
  if (subject.namespaces !== undefined) return selection(subject.namespaces as LabelSelector, namespace);
  if (subject.pods === undefined) return 'unsure';
  return all([
    selection(subject.pods.namespaceSelector as LabelSelector | undefined, namespace),
    selection(subject.pods.podSelector as LabelSelector | undefined, lookupIn(labels)),
  ]);
}

const group = 'policy.networking.k8s.io';

export const CLUSTER_POLICIES: readonly PolicyKind[] = [
  { group, kind: 'AdminNetworkPolicy', plural: 'adminnetworkpolicies', namespaced: false, opens },
  { group, kind: 'ClusterNetworkPolicy', plural: 'clusternetworkpolicies', namespaced: false, opens },
];
