import type { V1NetworkPolicy, V1NetworkPolicyPeer } from '@kubernetes/client-node';

export interface PodOf {
  namespace: string;
  labels: Record<string, string>;
}

/** Who calls: a pod, at an address of its own, or somebody who is none. */
export interface Caller {
  address: string;
  pod?: PodOf;
}

/**
 * Whether policies let a caller to a port of a pod: at least one that selects it has a rule for both, or none selects it.
 * Knows what our manifests use: labels and expressions with In, address blocks of IPv4, ports by number or by name.
 */
export function mayReach(
  policies: readonly V1NetworkPolicy[],
  caller: Caller,
  target: PodOf,
  port: number | string,
): boolean {
  const selecting = policies.filter(
    ({ metadata, spec }) =>
      metadata?.namespace === target.namespace &&
      spec?.policyTypes?.includes('Ingress') === true &&
      selects(spec.podSelector ?? {}, target.labels),
  );
  if (selecting.length === 0) return true;
  return selecting.some(({ metadata, spec }) =>
    (spec?.ingress ?? []).some(
      ({ _from = [], ports = [] }) =>
        (ports.length === 0 || ports.some((each) => each.port === port)) &&
        (_from.length === 0 || _from.some((peer) => isPeer(peer, caller, metadata?.namespace ?? ''))),
    ),
  );
}

interface Selector {
  matchLabels?: Record<string, string>;
  matchExpressions?: { key: string; operator: string; values?: string[] }[];
}

function selects({ matchLabels = {}, matchExpressions = [] }: Selector, labels: Record<string, string>): boolean {
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values = [] }) => {
      if (operator !== 'In') throw new Error(`The operator ${operator} is not known here.`);
      return values.includes(labels[key] ?? '');
    })
  );
}

function isPeer(peer: V1NetworkPolicyPeer, { address, pod }: Caller, own: string): boolean {
  const { ipBlock, namespaceSelector, podSelector } = peer;
  if (ipBlock) return inBlock(address, ipBlock.cidr) && !(ipBlock.except ?? []).some((each) => inBlock(address, each));
  if (pod === undefined) return false;
  const inNamespace = namespaceSelector
    ? selects(namespaceSelector, { 'kubernetes.io/metadata.name': pod.namespace })
    : pod.namespace === own;
  return inNamespace && selects(podSelector ?? {}, pod.labels);
}

function inBlock(address: string, block: string): boolean {
  const [network = '', bits = '32'] = block.split('/');
  const shift = 2 ** (32 - Number(bits));
  return Math.floor(numberOf(address) / shift) === Math.floor(numberOf(network) / shift);
}

const numberOf = (address: string): number => address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
