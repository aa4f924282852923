import type { Certainty, Lookup } from '../selector';

/** An isolated pod, with the fields by which policies of any kind can select it. */
export interface IsolatedPod {
  namespace: string;
  labels: Readonly<Record<string, string>>;
  serviceAccount: string | null;
  /** Null when they could not be read. */
  namespaceLabels: Readonly<Record<string, string>> | null;
}

/** A kind of network policy besides Kubernetes' own. Its rules add to, or come before, the quarantine NetworkPolicy. */
export interface PolicyKind {
  group: string;
  kind: string;
  plural: string;
  namespaced: boolean;
  /**
   * Whether an object of this kind selects the pod and allows some of its traffic; null for a kind whose objects this
   * code cannot evaluate, so that their existence alone is reported.
   */
  opens: ((object: unknown, pod: IsolatedPod) => Certainty) | null;
}

/** Looks up a label in labels that may be unknown. */
export function lookupIn(labels: Readonly<Record<string, string>> | null): Lookup {
  return (key) => (labels === null ? null : Object.hasOwn(labels, key) ? labels[key] : undefined);
}
