import type { Certainty, Lookup } from '../selector';

/** An isolated pod, as far as policies of any kind can select it. */
export interface IsolatedPod {
  namespace: string;
  labels: Readonly<Record<string, string>>;
  serviceAccount: string | null;
  /** Null when they could not be read. */
  namespaceLabels: Readonly<Record<string, string>> | null;
}

/** A kind of network policy beside Kubernetes' own. Its rules add to, or come before, the quarantine NetworkPolicy. */
export interface PolicyKind {
  group: string;
  kind: string;
  plural: string;
  namespaced: boolean;
  /**
   * Whether an object of this kind selects the pod and allows some of its traffic; null for a kind whose objects are not
   * understood here, so that its being there is named.
   */
  opens: ((object: unknown, pod: IsolatedPod) => Certainty) | null;
}

/** Looks a label up in labels that may not be known. */
export function lookupIn(labels: Readonly<Record<string, string>> | null): Lookup {
  return (key) => (labels === null ? null : Object.hasOwn(labels, key) ? labels[key] : undefined);
}
