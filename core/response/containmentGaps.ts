import { sanitize } from '../text/sanitize';
import type { PodContext } from '../incident/context';
import type { Configuration } from '../incident/responsePolicy';
import { QUARANTINE_POLICY } from '../names';
import { gap, type Gap } from './gap';
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
  attached: Gap | null;
  policies: readonly NamedPolicy[];
  /** What policies of other kinds allow, or why they were not read. */
  otherPolicies: readonly Gap[];
  /** Gaps that no later reading of the cluster shows, see escapeGap and lastingGaps. */
  past: readonly Gap[];
  network: Configuration['network'];
}

/** Each policy is a gap of its own; beyond this number they are only counted. */
const MOST_POLICIES = 12;

/**
 * The containment gaps of an isolated pod: what still allows traffic to or from it, or lets it escape. NetworkPolicies
 * are additive, and network plugins differ.
 */
export function remainingGaps({
  labels,
  hostNetwork,
  bypasses,
  attached,
  policies,
  otherPolicies,
  past,
  network,
}: Isolation): Gap[] {
  const allowing = policies.filter(
    ({ name, spec }) => name !== QUARANTINE_POLICY && lets(spec) && selects(spec?.podSelector, labels),
  );
  return [
    ...(hostNetwork
      ? [gap('host-network', "the pod is on its node's network, to which no NetworkPolicy applies")]
      : []),
    // The detail is part of the key: another container with the same bypass is another gap.
    ...bypasses.map(({ kind, detail }) =>
      gap('bypass', `${detail}: it can get past its NetworkPolicies`, `${kind}/${detail}`),
    ),
    ...past,
    ...(attached === null ? [] : [attached]),
    ...atMost(
      allowing.map(({ name }) =>
        gap('network-policy', `NetworkPolicy ${name} still selects the pod and allows some of its traffic`, name),
      ),
      'network-policies',
      'NetworkPolicies that still select the pod and allow some of its traffic',
    ),
    ...atMost(otherPolicies, 'other-policies', 'network policies of other kinds that may allow some of its traffic'),
    ...(network.enforced
      ? []
      : [
          gap(
            'enforcement-not-attested',
            "that this cluster's network enforces NetworkPolicies is not attested in the ResponsePolicy",
          ),
        ]),
    ...(network.cutsOpenConnections
      ? []
      : [
          gap(
            'cut-not-attested',
            'connections that were open before may go on: that this network cuts them is not attested in the ResponsePolicy',
          ),
        ]),
  ];
}

const ESCAPE = 'escape';

/** The containment gap of a pod with an alert of this rule, if the rule means an escape. */
export function escapeGap(rule: string): Gap {
  return gap(ESCAPE, `the rule "${rule}" means that code may have reached the node`, rule);
}

/** The recorded gaps about past events: a later reading can neither find nor disprove them. */
export function lastingGaps(recorded: readonly Gap[]): Gap[] {
  return recorded.filter(({ key }) => key.startsWith(`${ESCAPE}/`));
}

function atMost(gaps: readonly Gap[], kind: string, what: string): Gap[] {
  const more = gaps.length - MOST_POLICIES;
  // The number is part of the key: one more policy is another gap.
  return [...gaps.slice(0, MOST_POLICIES), ...(more > 0 ? [gap(kind, `${more} further ${what}`, String(more))] : [])];
}

function lets(spec: PolicySpec | undefined): boolean {
  return (spec?.ingress ?? []).length > 0 || (spec?.egress ?? []).length > 0;
}

/** Limits of the custom resource Quarantine, `status.gaps`. */
const RECORDED = { most: 32, characters: 1000 };

/** Containment gaps in the form that a record stores. */
export function recordedGaps(gaps: readonly Gap[]): Gap[] {
  return gaps.slice(0, RECORDED.most).map(({ key, text }) => ({ key, text: sanitize(text, RECORDED.characters) }));
}

/** How completely a pod with these gaps is contained. */
export function containmentOf(gaps: readonly Gap[]): 'full' | 'partial' {
  return gaps.length === 0 ? 'full' : 'partial';
}
