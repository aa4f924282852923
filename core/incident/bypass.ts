/**
 * Ways past a NetworkPolicy that a pod's specification opens: what the Baseline Pod Security Standard forbids
 * (kubernetes.io/docs/concepts/security/pod-security-standards), and further networks, to which no NetworkPolicy applies.
 * Host ports and sysctls are not among them: the pod's NetworkPolicies hold for both. The host network has a guardrail of
 * its own.
 */
export const BYPASS_KINDS = [
  'privileged',
  'host_pid',
  'host_ipc',
  'host_path',
  'host_process',
  'capabilities',
  'unconfined',
  'other_network',
] as const;
export type BypassKind = (typeof BYPASS_KINDS)[number];

/** One kind of way past the isolation, and where the specification has it. */
export interface Bypass {
  kind: BypassKind;
  /** A clause for a person: "container web is privileged". */
  detail: string;
}
