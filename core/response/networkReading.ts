import type { PodContext } from '../incident/context';
import type { Configuration } from '../incident/responsePolicy';
import { type Isolation, type NamedPolicy, openings } from './containmentGaps';
import type { IsolatedPod, PolicyKind } from './policyKinds/policyKind';

/** What is not known of network policies, a clause each. */
export interface Unread {
  /** What may not be read, or is not understood: the same at the next reading. */
  unread: string[];
  /** What the API server did not answer: another reading may get it. */
  unanswered: string[];
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
): string[] {
  const { labels, hostNetwork, bypasses, serviceAccount } = pod;
  return openings({
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
): string[] {
  const gaps = policies.flatMap(({ kind, object, name }) => {
    const opens = kind.opens?.(object, { ...pod, namespaceLabels }) ?? 'unsure';
    if (opens === 'no') return [];
    const which = `${kind.kind} ${name} (${kind.group})`;
    return opens === 'yes'
      ? [`${which} selects the pod and allows some of its traffic`]
      : [`${which} may select the pod and allow some of its traffic: it could not be judged`];
  });
  return [...gaps, ...unread, ...unanswered];
}
