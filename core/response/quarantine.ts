import { ANNOTATIONS, LABELS, QUARANTINED_VALUE, QUARANTINE_POLICY } from '../names';
import { encodeLabels } from './originalLabels';
import type { LabelSelector } from './selector';

/** The deny-all NetworkPolicy that isolates every pod with the quarantine label (networking.k8s.io/v1). */
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

/** The fields of a NetworkPolicy's spec that decide which traffic it allows. */
export interface PolicySpec {
  podSelector?: LabelSelector;
  policyTypes?: string[];
  ingress?: unknown[];
  egress?: unknown[];
}

/** Whether a policy with our name really denies all traffic of quarantined pods. Anyone may have created it. */
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

/**
 * What is written to an isolated pod. `detached`: the label and the annotations, and its own labels are removed.
 * `annotated`: the label and the annotations. `labelled`: only the label.
 */
export type Marking = 'detached' | 'annotated' | 'labelled';

interface QuarantineMarks {
  uid: string;
  /** The version that the decision policy judged: the API server refuses (409) a change to any other version. */
  resourceVersion: string;
  incidentId: string;
  originalLabels: Readonly<Record<string, string>>;
  marking: Marking;
  at: string;
  until: string;
}

/**
 * JSON merge patch (RFC 7386) that isolates a pod in one change, so that no pod is ever detached without being
 * isolated.
 */
export function quarantinePatch({
  uid,
  resourceVersion,
  incidentId,
  originalLabels,
  marking,
  at,
  until,
}: QuarantineMarks) {
  return {
    metadata: {
      uid,
      resourceVersion,
      labels: { ...(marking === 'detached' ? without(originalLabels) : {}), [LABELS.quarantined]: QUARANTINED_VALUE },
      ...(marking === 'labelled'
        ? {}
        : {
            annotations: {
              [ANNOTATIONS.incidentId]: incidentId,
              [ANNOTATIONS.quarantinedAt]: at,
              [ANNOTATIONS.quarantinedUntil]: until,
              [ANNOTATIONS.originalLabels]: encodeLabels(originalLabels),
            },
          }),
    },
  };
}

/** JSON merge patch that removes the marks and restores exactly the labels that the pod had. */
export function releasePatch(uid: string, resourceVersion: string, labels: Readonly<Record<string, string>>) {
  return {
    metadata: {
      uid,
      resourceVersion,
      labels: { ...labels, [LABELS.quarantined]: null },
      annotations: without(Object.fromEntries(Object.values(ANNOTATIONS).map((name) => [name, '']))),
    },
  };
}

/** In a merge patch, null removes a key. */
function without(keys: Readonly<Record<string, string>>): Record<string, null> {
  return Object.fromEntries(Object.keys(keys).map((key) => [key, null]));
}
