import { z } from 'zod/v4';

import { all, type Certainty } from '../selector';
import { calicoSelection } from './calicoSelector';
import { type IsolatedPod, lookupIn, type PolicyKind } from './policyKind';

const rulesSchema = z.array(z.object({ action: z.string() })).nullish();

const policySchema = z.object({
  spec: z.object({
    selector: z.string().nullish(),
    namespaceSelector: z.string().nullish(),
    serviceAccountSelector: z.string().nullish(),
    ingress: rulesSchema,
    egress: rulesSchema,
    /** These two apply to hosts, not to pods. */
    preDNAT: z.boolean().nullish(),
    doNotTrack: z.boolean().nullish(),
  }),
});

/**
 * NetworkPolicy and GlobalNetworkPolicy of Calico (projectcalico.org/v3, stored as crd.projectcalico.org/v1). In each
 * tier the first matching rule decides; the quarantine's denial applies only if no rule matched. So `Allow` opens a
 * gap, and `Pass` may, because it ends in the namespace's profile.
 */
function opens(object: unknown, pod: IsolatedPod): Certainty {
  const read = policySchema.safeParse(object);
  if (!read.success) return 'unsure';
  const { spec } = read.data;
  if (spec.preDNAT === true || spec.doNotTrack === true) return 'no';
  const allows = [...(spec.ingress ?? []), ...(spec.egress ?? [])].some(
    ({ action }) => action !== 'Deny' && action !== 'Log',
  );
  if (!allows) return 'no';
  return all([
    calicoSelection(spec.selector ?? '', podLookup(pod)),
    calicoSelection(spec.namespaceSelector ?? '', namespaceLookup(pod)),
    // It selects by the ServiceAccount's labels, which are not read.
    (spec.serviceAccountSelector ?? '').trim() === '' ? 'yes' : 'unsure',
  ]);
}

/** Calico adds labels to each pod; the prefixes `pcns.` and `pcsa.` mean those of its namespace and ServiceAccount. */
const podLookup =
  ({ namespace, labels, serviceAccount, namespaceLabels }: IsolatedPod) =>
  (key: string): string | undefined | null => {
    if (key === 'projectcalico.org/namespace') return namespace;
    if (key === 'projectcalico.org/orchestrator') return 'k8s';
    if (key === 'projectcalico.org/serviceaccount') return serviceAccount;
    if (key.startsWith('pcns.')) return lookupIn(namespaceLabels)(key.slice('pcns.'.length));
    if (key.startsWith('pcsa.')) return null;
    return lookupIn(labels)(key);
  };

const namespaceLookup =
  ({ namespace, namespaceLabels }: IsolatedPod) =>
  (key: string): string | undefined | null =>
    key === 'projectcalico.org/name' ? namespace : lookupIn(namespaceLabels)(key);

const GROUPS = ['projectcalico.org', 'crd.projectcalico.org'];

export const CALICO: readonly PolicyKind[] = GROUPS.flatMap((group) => [
  { group, kind: 'NetworkPolicy', plural: 'networkpolicies', namespaced: true, opens },
  { group, kind: 'GlobalNetworkPolicy', plural: 'globalnetworkpolicies', namespaced: false, opens },
]);
