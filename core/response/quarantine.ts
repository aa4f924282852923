import { ANNOTATIONS, LABELS, QUARANTINED_VALUE, QUARANTINE_POLICY } from '../names';

/** The deny-all NetworkPolicy that cuts off every pod which bears the quarantine label (networking.k8s.io/v1). */
export const QUARANTINE_POLICY_SPEC = {
  podSelector: { matchLabels: { [LABELS.quarantined]: QUARANTINED_VALUE } },
  policyTypes: ['Ingress', 'Egress'],
};

export function quarantinePolicy(namespace: string) {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: QUARANTINE_POLICY, namespace },
    spec: QUARANTINE_POLICY_SPEC,
  };
}

/** The parts of a NetworkPolicy's spec that decide what it lets through. */
export interface PolicySpec {
  podSelector?: { matchLabels?: Record<string, string>; matchExpressions?: unknown[] };
  policyTypes?: string[];
  ingress?: unknown[];
  egress?: unknown[];
}

/** Whether a policy found under our name really denies all traffic of quarantined pods. Anyone may have created it. */
export function isQuarantinePolicy(spec: PolicySpec | undefined): boolean {
  const labels = Object.entries(spec?.podSelector?.matchLabels ?? {});
  return (
    labels.length === 1 &&
    labels[0]?.[0] === LABELS.quarantined &&
    labels[0][1] === QUARANTINED_VALUE &&
    (spec?.podSelector?.matchExpressions ?? []).length === 0 &&
    ['Ingress', 'Egress'].every((type) => spec?.policyTypes?.includes(type)) &&
    (spec?.ingress ?? []).length === 0 &&
    (spec?.egress ?? []).length === 0
  );
}

/** JSON merge patch (RFC 7386) that marks a pod. The uid makes the API server refuse (409) any other pod of that name. */
export function quarantinePatch(uid: string, incidentId: string, now: Date) {
  return {
    metadata: {
      uid,
      labels: { [LABELS.quarantined]: QUARANTINED_VALUE },
      annotations: { [ANNOTATIONS.incidentId]: incidentId, [ANNOTATIONS.quarantinedAt]: now.toISOString() },
    },
  };
}

/** JSON merge patch that takes the marks off again. */
export function releasePatch(uid: string) {
  return {
    metadata: {
      uid,
      labels: { [LABELS.quarantined]: null },
      annotations: {
        [ANNOTATIONS.incidentId]: null,
        [ANNOTATIONS.quarantinedAt]: null,
        [ANNOTATIONS.quarantinedUntil]: null,
      },
    },
  };
}
