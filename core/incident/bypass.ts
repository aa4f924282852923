/**
 * How a pod's specification lets it bypass NetworkPolicies: what the Baseline Pod Security Standard forbids
 * (kubernetes.io/docs/concepts/security/pod-security-standards), and additional networks, to which no NetworkPolicy
 * applies. Host ports and sysctls are not listed: the pod's NetworkPolicies cover both. The host network has its own
 * guardrail.
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

/** One kind of isolation bypass, and where the specification has it. */
export interface Bypass {
  kind: BypassKind;
  /** A clause for people: "container web is privileged". */
  detail: string;
}
