import type { ContainerKind, PodFacts, RightsClass } from '../../incident/podFacts';

/** What a row asks of a pod's facts: all of it must hold. Only what nothing in a pod can write is here. */
export interface Conditions {
  /** The kind of the container that the alert is about is one of these. */
  kind?: readonly ContainerKind[];
  /** Whether a token of its ServiceAccount is mounted; what is not known is neither. */
  token?: boolean;
  rights?: readonly RightsClass[];
  /** The pod's controller is of one of these kinds. */
  owner?: readonly string[];
  runsOnce?: boolean;
  /** The container's specification starts one of these programs itself. */
  programs?: readonly string[];
  /** Whether its specification gives it a way to its node: an isolation bypass, or the host network. */
  nodeAccess?: boolean;
  /** People answered this rule and image, or workload, at least so often that it was no attack, and never that it was one. */
  judged?: number;
  /** The facts were read, whatever they are. */
  read?: true;
}

/** Whether a pod's facts meet conditions. Facts that were not read meet none but the empty ones. */
export function meets(facts: PodFacts | undefined, conditions: Conditions): boolean {
  if (facts === undefined) return Object.keys(conditions).length === 0;
  const { kind, token, rights, owner, runsOnce, programs, nodeAccess, judged } = conditions;
  return (
    (kind === undefined || kind.includes(facts.container.kind)) &&
    (token === undefined || facts.serviceAccount.tokenMounted === token) &&
    (rights === undefined || rights.includes(facts.serviceAccount.rights)) &&
    (owner === undefined || (facts.owner !== null && owner.includes(facts.owner))) &&
    (runsOnce === undefined || facts.runsOnce === runsOnce) &&
    (programs === undefined || programs.some((one) => facts.programs.includes(one))) &&
    (nodeAccess === undefined || (facts.access.length > 0 || facts.hostNetwork) === nodeAccess) &&
    (judged === undefined || isJudgedFalse(facts, judged))
  );
}

function isJudgedFalse({ history }: PodFacts, times: number): boolean {
  return history !== null && history.falsePositives >= times && history.truePositives === 0;
}

/** An agent that the administrator put on every node, with a way to it. */
export const AGENT = { owner: ['DaemonSet'], nodeAccess: true } as const satisfies Conditions;
/** A container that serves, and that its node is closed to: what administrators do by design is done in others. */
export const SERVING = { kind: ['container'], runsOnce: false, nodeAccess: false } as const satisfies Conditions;
/** How many people's answers make a rule that no attack is known by an expected one. */
export const EXPECTED = { judged: 4 } as const satisfies Conditions;
/** So many of them keep the playbook from acting. */
export const DOUBTFUL = { judged: 2 } as const satisfies Conditions;
