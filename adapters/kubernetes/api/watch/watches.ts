import type { CoreV1Event, V1Namespace, V1NetworkPolicy, V1Pod, V1ReplicaSet } from '@kubernetes/client-node';

import { CUSTOM_RESOURCES, NAMESPACES } from '../../../../core/names';
import type { KubernetesClient } from '../client';
import { type CustomObject, listObjects } from '../customObjects';
import type { Right } from '../rights';
import { Collection } from './collection';

export const WATCH_RIGHTS: readonly Right[] = [
  { apiGroup: '', resource: 'pods', verb: 'list' },
  { apiGroup: '', resource: 'pods', verb: 'watch' },
  { apiGroup: '', resource: 'events', verb: 'list' },
  { apiGroup: '', resource: 'events', verb: 'watch' },
  { apiGroup: 'apps', resource: 'replicasets', verb: 'list' },
  { apiGroup: 'apps', resource: 'replicasets', verb: 'watch' },
  { apiGroup: 'networking.k8s.io', resource: 'networkpolicies', verb: 'list' },
  { apiGroup: 'networking.k8s.io', resource: 'networkpolicies', verb: 'watch' },
];

/** Rights on objects of the whole cluster, and on the responder's own. */
export const WATCH_CLUSTER_RIGHTS: readonly Right[] = [
  { apiGroup: '', resource: 'namespaces', verb: 'list' },
  { apiGroup: '', resource: 'namespaces', verb: 'watch' },
];
export const WATCH_OWN_RIGHTS: readonly Right[] = [
  { apiGroup: CUSTOM_RESOURCES.group, resource: CUSTOM_RESOURCES.quarantines, verb: 'list' },
  { apiGroup: CUSTOM_RESOURCES.group, resource: CUSTOM_RESOURCES.quarantines, verb: 'watch' },
  { apiGroup: CUSTOM_RESOURCES.group, resource: CUSTOM_RESOURCES.responsePolicies, verb: 'list' },
  { apiGroup: CUSTOM_RESOURCES.group, resource: CUSTOM_RESOURCES.responsePolicies, verb: 'watch' },
  { apiGroup: CUSTOM_RESOURCES.group, resource: CUSTOM_RESOURCES.incidents, verb: 'list' },
  { apiGroup: CUSTOM_RESOURCES.group, resource: CUSTOM_RESOURCES.incidents, verb: 'watch' },
  { apiGroup: CUSTOM_RESOURCES.group, resource: CUSTOM_RESOURCES.exceptions, verb: 'list' },
  { apiGroup: CUSTOM_RESOURCES.group, resource: CUSTOM_RESOURCES.exceptions, verb: 'watch' },
];

/** What is watched in a namespace that had an alert lately. */
interface NamespaceWatches {
  pods: Collection<V1Pod>;
  replicaSets: Collection<V1ReplicaSet>;
  networkPolicies: Collection<V1NetworkPolicy>;
  events: Collection<CoreV1Event>;
}

/** What is watched as long as there is work: the namespaces' labels and the responder's own records. */
interface ResponderWatches {
  namespaces: Collection<V1Namespace>;
  quarantines: Collection<CustomObject>;
  responsePolicies: Collection<CustomObject>;
  incidents: Collection<CustomObject>;
  exceptions: Collection<CustomObject>;
}

/** Incidents that count for any bound. The others stay where they are until they are pruned, and are read by name. */
const NOT_ARCHIVED = 'status.archived!=true';

interface Watches {
  responder: ResponderWatches;
  namespaces: Map<string, { watches: NamespaceWatches; usedAt: number }>;
}

/** An attacker who makes alerts in many namespaces must not make n8n hold them all in memory. */
const MOST_NAMESPACES = 20;
const IDLE_MS = 15 * 60_000;

const ofClient = new WeakMap<KubernetesClient, Watches>();

function watchesOf(client: KubernetesClient): Watches {
  const known = ofClient.get(client);
  if (known !== undefined) return known;
  const own = (plural: string, fieldSelector?: string) =>
    new Collection<CustomObject>(client, {
      path: `/apis/${CUSTOM_RESOURCES.apiVersion}/namespaces/${NAMESPACES.responder}/${plural}`,
      list: () => listObjects(client, plural, fieldSelector),
      ...(fieldSelector === undefined ? {} : { fieldSelector }),
    });
  const created: Watches = {
    responder: {
      namespaces: new Collection(client, { path: '/api/v1/namespaces', list: () => client.core.listNamespace() }),
      quarantines: own(CUSTOM_RESOURCES.quarantines),
      responsePolicies: own(CUSTOM_RESOURCES.responsePolicies),
      incidents: own(CUSTOM_RESOURCES.incidents, NOT_ARCHIVED),
      exceptions: own(CUSTOM_RESOURCES.exceptions),
    },
    namespaces: new Map(),
  };
  ofClient.set(client, created);
  client.dropped.addEventListener(
    'abort',
    () => {
      stopWatches(client);
    },
    { once: true },
  );
  return created;
}

export function responderWatches(client: KubernetesClient): ResponderWatches {
  return watchesOf(client).responder;
}

/** The watches of a namespace; those that were not used for long are stopped, the longest unused first. */
export function namespaceWatches(client: KubernetesClient, namespace: string): NamespaceWatches {
  const { namespaces } = watchesOf(client);
  const known = namespaces.get(namespace)?.watches ?? watchNamespace(client, namespace);
  // A Map keeps the order of insertion: put in again, it is the last.
  namespaces.delete(namespace);
  namespaces.set(namespace, { watches: known, usedAt: performance.now() });
  for (const [name, { watches, usedAt }] of namespaces) {
    if (namespaces.size <= MOST_NAMESPACES && performance.now() - usedAt < IDLE_MS) break;
    stopAll(watches);
    namespaces.delete(name);
  }
  return known;
}

/** Ends every watch of a client. */
function stopWatches(client: KubernetesClient): void {
  const watches = ofClient.get(client);
  if (watches === undefined) return;
  stopAll(watches.responder);
  for (const { watches: own } of watches.namespaces.values()) stopAll(own);
  ofClient.delete(client);
}

function watchNamespace(client: KubernetesClient, namespace: string): NamespaceWatches {
  const { core, apps, networking } = client;
  const path = (group: string, plural: string) => `/${group}/namespaces/${namespace}/${plural}`;
  return {
    pods: new Collection(client, {
      path: path('api/v1', 'pods'),
      list: () => core.listNamespacedPod({ namespace }),
    }),
    replicaSets: new Collection(client, {
      path: path('apis/apps/v1', 'replicasets'),
      list: () => apps.listNamespacedReplicaSet({ namespace }),
    }),
    networkPolicies: new Collection(client, {
      path: path('apis/networking.k8s.io/v1', 'networkpolicies'),
      list: () => networking.listNamespacedNetworkPolicy({ namespace }),
    }),
    events: new Collection(client, {
      path: path('api/v1', 'events'),
      list: () => core.listNamespacedEvent({ namespace }),
    }),
  };
}

function stopAll(watches: object): void {
  for (const collection of Object.values(watches) as Collection<never>[]) collection.stop();
}
