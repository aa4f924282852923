/**
 * The differences from the cluster that deploy.sh creates on KIND. All else is the same: charts, their versions and values,
 * manifests, Secrets' names.
 */
import type { Manifest } from './repository/manifests';
import { isMap, type Values } from './repository/values';
import type { InfrastructureContext } from './settings/settings';

/**
 * DigitalOcean opens the port of every NodePort Service to the internet. On KIND they are published on
 * 127.0.0.1; here people use `kubectl port-forward`.
 */
const CLUSTER_IP = { type: 'ClusterIP', nodePort: null };

/** On top of manifests/monitoring/kube-prometheus-stack.yaml and alertmanager.yaml. */
export const kubePrometheusStack = (context: InfrastructureContext): Values => ({
  prometheus: { service: CLUSTER_IP, prometheusSpec: { externalLabels: { ...context } } },
  grafana: { service: CLUSTER_IP },
});

/** KIND's pods, which the network policies name; and its node, which no other cluster has there. */
const KIND_PODS = '10.244.0.0/16';
const KIND_NODE = '10.244.0.1/32';

/** An object of the manifests as this cluster wants it. */
export function fitted(manifest: Manifest, podNetwork: string): Manifest {
  if (manifest.kind === 'Service') return { ...manifest, spec: withoutNodePorts(manifest.spec) };
  if (manifest.kind === 'NetworkPolicy') return { ...manifest, spec: withPodNetwork(manifest.spec, podNetwork) };
  return manifest;
}

function withoutNodePorts(spec: unknown): unknown {
  if (!isMap(spec) || spec.type !== 'NodePort') return spec;
  const ports = Array.isArray(spec.ports) ? spec.ports.map(withoutNodePort) : spec.ports;
  const { externalTrafficPolicy: _ofNodePorts, ...rest } = spec;
  return { ...rest, type: 'ClusterIP', ports };
}

function withoutNodePort(port: unknown): unknown {
  if (!isMap(port)) return port;
  const { nodePort: _nodePort, ...rest } = port;
  return rest;
}

function withPodNetwork(value: unknown, podNetwork: string): unknown {
  if (value === KIND_PODS) return podNetwork;
  if (Array.isArray(value))
    return value.filter((each) => !isNode(each)).map((each: unknown) => withPodNetwork(each, podNetwork));
  if (!isMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withPodNetwork(each, podNetwork)]));
}

const isNode = (peer: unknown): boolean => isMap(peer) && isMap(peer.ipBlock) && peer.ipBlock.cidr === KIND_NODE;
