import type { PodContext } from '../incident/context';
import type { Configuration } from '../incident/responsePolicy';
import { type Isolation, type NamedPolicy, remainingGaps } from './containmentGaps';
import { gap, type Gap } from './gap';
import type { IsolatedPod, PolicyKind } from './policyKinds/policyKind';

/** What is not known of network policies: each may be a gap. */
export interface Unread {
  /** What may not be read, or is not understood: the same at the next reading. */
  unread: Gap[];
  /** What the API server did not answer: another reading may get it. */
  unanswered: Gap[];
}

/** The policies of other kinds than Kubernetes' own that may concern the pods of a namespace. */
export interface OtherPolicies extends Unread {
  policies: { kind: PolicyKind; object: unknown; name: string }[];
  /** Null where they could not be read, or no policy selects by them. */
  namespaceLabels: Readonly<Record<string, string>> | null;
}

/** All network policies that may concern the pods of a namespace, as they are now. */
export interface NetworkReading {
  policies: NamedPolicy[];
  others: OtherPolicies;
}

/** Nothing is attested where the ResponsePolicy was not read. */
const NOTHING_ATTESTED = { enforced: false, cutsOpenConnections: false };

/** The containment gaps of an isolated pod, given the network policies of its namespace. */
export function containmentGaps(
  pod: PodContext,
  namespace: string,
  { policies, others }: NetworkReading,
  { attached, past, configuration }: Pick<Isolation, 'attached' | 'past'> & { configuration: Configuration | null },
): Gap[] {
  const { labels, hostNetwork, bypasses, serviceAccount } = pod;
  return remainingGaps({
    labels,
    hostNetwork,
    bypasses,
    attached,
    past,
    policies,
    otherPolicies: otherGaps(others, { namespace, labels, serviceAccount }),
    network: configuration?.network ?? NOTHING_ATTESTED,
  });
}

/** What of these policies is a containment gap of a pod, and what is not known of them. */
export function otherGaps(
  { policies, unread, unanswered, namespaceLabels }: OtherPolicies,
  pod: Omit<IsolatedPod, 'namespaceLabels'>,
): Gap[] {
  const gaps = policies.flatMap(({ kind, object, name }) => {
    const opens = kind.opens?.(object, { ...pod, namespaceLabels }) ?? 'unsure';
    if (opens === 'no') return [];
    const policy = `${kind.kind} ${name} (${kind.group})`;
    const text =
      opens === 'yes'
        ? `${policy} selects the pod and allows some of its traffic`
        : `${policy} may select the pod and allow some of its traffic: it could not be judged`;
    return [gap('other-policy', text, `${kind.group}/${kind.kind}/${name}/${opens}`)];
  });
  return [...gaps, ...unread, ...unanswered];
}
