import { sanitize } from '../text/sanitize';
import type { PodContext } from '../incident/context';
import type { Configuration } from '../incident/responsePolicy';
import { QUARANTINE_POLICY } from '../names';
import type { PolicySpec } from './quarantine';
import { selects } from './selector';

/** A NetworkPolicy of the pod's namespace, with the fields that are checked. */
export interface NamedPolicy {
  name: string;
  spec: PolicySpec | undefined;
}

export interface Isolation {
  /** The pod's current labels. */
  labels: Readonly<Record<string, string>>;
  hostNetwork: boolean;
  bypasses: PodContext['bypasses'];
  /** Why the pod was not detached, or null. */
  attached: string | null;
  policies: readonly NamedPolicy[];
  /** What policies of other kinds allow, or why they were not read: one clause each. */
  otherPolicies: readonly string[];
  /** Gaps that no later reading of the cluster shows: one clause each, see escapeGap and lastingGaps. */
  past: readonly string[];
  network: Configuration['network'];
}

/** Each policy is a gap of its own; beyond this number they are only counted. */
const MOST_POLICIES = 12;

/**
 * The containment gaps of an isolated pod: what still allows traffic to or from it, or lets it escape. NetworkPolicies
 * are additive, and network plugins differ.
 */
export function openings({
  labels,
  hostNetwork,
  bypasses,
  attached,
  policies,
  otherPolicies,
  past,
  network,
}: Isolation): string[] {
  const allowing = policies.filter(
    ({ name, spec }) => name !== QUARANTINE_POLICY && lets(spec) && selects(spec?.podSelector, labels),
  );
  return [
    ...(hostNetwork ? ['the pod is on its node’s network, to which no NetworkPolicy applies'] : []),
    ...bypasses.map(({ detail }) => `${detail}: it can get past its NetworkPolicies`),
    ...past,
    ...(attached === null ? [] : [attached]),
    ...atMost(
      allowing.map(({ name }) => `NetworkPolicy ${name} still selects the pod and allows some of its traffic`),
      'NetworkPolicies that still select the pod and allow some of its traffic',
    ),
    ...atMost(otherPolicies, 'network policies of other kinds that may allow some of its traffic'),
    ...(network.enforced
      ? []
      : ['that this cluster’s network enforces NetworkPolicies is not attested in the ResponsePolicy']),
    ...(network.cutsOpenConnections
      ? []
      : [
          'connections that were open before may go on: that this network cuts them is not attested in the ResponsePolicy',
        ]),
  ];
}

const ESCAPED = 'means that code may have reached the node';

/** The containment gap of a pod with an alert of this rule, if the rule means an escape. */
export function escapeGap(rule: string): string {
  return `the rule "${rule}" ${ESCAPED}`;
}

/** The recorded gaps about past events: a later reading can neither find nor disprove them. */
export function lastingGaps(recorded: readonly string[]): string[] {
  return recorded.filter((gap) => gap.endsWith(ESCAPED));
}

function atMost(gaps: readonly string[], what: string): string[] {
  const more = gaps.length - MOST_POLICIES;
  return [...gaps.slice(0, MOST_POLICIES), ...(more > 0 ? [`${more} further ${what}`] : [])];
}

function lets(spec: PolicySpec | undefined): boolean {
  return (spec?.ingress ?? []).length > 0 || (spec?.egress ?? []).length > 0;
}

/** Limits of the custom resource Quarantine, `status.reasons`. */
const RECORDED = { most: 32, characters: 1000 };

/** Containment gaps in the form that a record stores. */
export function recordedGaps(gaps: readonly string[]): string[] {
  return gaps.slice(0, RECORDED.most).map((gap) => sanitize(gap, RECORDED.characters));
}

/** How completely a pod with these gaps is contained. */
export function containmentOf(gaps: readonly string[]): 'full' | 'partial' {
  return gaps.length === 0 ? 'full' : 'partial';
}
