import type { Configuration } from '../context/responsePolicy';
import { QUARANTINE_POLICY } from '../names';
import type { PolicySpec } from './quarantine';
import { selects } from './selector';

/** A NetworkPolicy of the pod's namespace, as far as it is looked at. */
export interface NamedPolicy {
  name: string;
  spec: PolicySpec | undefined;
}

export interface Isolation {
  /** The pod's labels as they are now. */
  labels: Readonly<Record<string, string>>;
  hostNetwork: boolean;
  /** Why the pod was not detached, or null. */
  attached: string | null;
  policies: readonly NamedPolicy[];
  network: Configuration['network'];
}

/** What still lets traffic through to or from an isolated pod: NetworkPolicies add up, and networks differ. */
export function openings({ labels, hostNetwork, attached, policies, network }: Isolation): string[] {
  const allowing = policies.filter(
    ({ name, spec }) => name !== QUARANTINE_POLICY && lets(spec) && selects(spec?.podSelector, labels),
  );
  return [
    ...(hostNetwork ? ['the pod is on its node’s network, to which no NetworkPolicy applies'] : []),
    ...(attached === null ? [] : [attached]),
    ...allowing.map(({ name }) => `NetworkPolicy ${name} still selects the pod and allows some of its traffic`),
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

function lets(spec: PolicySpec | undefined): boolean {
  return (spec?.ingress ?? []).length > 0 || (spec?.egress ?? []).length > 0;
}
