import type { Decision } from './decision';

interface ActionFacts {
  /** One word, in n8n's list of operations. In lower case it is the operation's value, which workflows name. */
  verb: string;
  /** In n8n's panel of nodes: what the operation does, as an order. */
  label: string;
  description: string;
  /** The decision that permits it; null for an action that takes containment back, which has rules of its own. */
  permittedBy: Extract<Decision, 'delete_pod' | 'quarantine_pod'> | null;
  /** How fresh the reading must be that the action is first judged on; see Freshness in app/action.ts. */
  freshness: 'watched' | 'now';
  /** In the REASON column of `kubectl get events`. */
  eventReason: string;
}

/**
 * Every action that the pipeline can carry out on a pod. This record is where an action is defined: the node's operations,
 * the Events, policy and the checks of rights follow from it. `adapters/kubernetes/actions` carries it out.
 */
export const ACTION_FACTS = {
  quarantine_pod: {
    verb: 'Quarantine',
    label: 'Quarantine the pod',
    description: 'Cut the pod off the network, detach it where it is replaced, and keep it running',
    permittedBy: 'quarantine_pod',
    freshness: 'watched',
    eventReason: 'Quarantined',
  },
  release_pod: {
    verb: 'Release',
    label: 'Release the pod',
    description: 'Take the pod out of quarantine and give it exactly its labels back',
    permittedBy: null,
    freshness: 'now',
    eventReason: 'Released',
  },
  delete_pod: {
    verb: 'Delete',
    label: 'Delete the pod',
    description: 'Isolate the pod, keep evidence, delete it by uid and wait until it is gone',
    permittedBy: 'delete_pod',
    freshness: 'now',
    eventReason: 'DeletedByPipeline',
  },
  evict_pod: {
    verb: 'Evict',
    label: 'Evict the pod',
    description: 'Have the pod leave as in a drain, with PodDisruptionBudgets honoured',
    permittedBy: 'delete_pod',
    freshness: 'now',
    eventReason: 'EvictedByPipeline',
  },
} as const satisfies Record<string, ActionFacts>;

export type Action = keyof typeof ACTION_FACTS;

export const ACTIONS = Object.keys(ACTION_FACTS) as [Action, ...Action[]];

/** Those that contain a pod. The others take containment back. */
export const CONTAINING_ACTIONS = ACTIONS.filter((action) => ACTION_FACTS[action].permittedBy !== null);
