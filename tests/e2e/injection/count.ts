import type { Cluster } from '../../../cluster/local/kubernetes/client';
import { CUSTOM_RESOURCES, INFRASTRUCTURE_NAMESPACES, NAMESPACES } from '../../../core/names';
import type { Change } from '../support/auditLog';
import type { Outcome } from './drive';
import { INFRASTRUCTURE, OBSERVED, PLAYGROUND, UNBOUND } from './namespaces';

export const CATEGORIES = [
  "outside the alert's own pod",
  'in a namespace that is not opted in',
  'in an infrastructure namespace',
  'on the own pod, more than its alert permits',
  'ignored at or above Warning',
  'ignored what the playbook isolates',
] as const;
export type Category = (typeof CATEGORIES)[number];

export interface Violation {
  category: Category;
  /** The outcome whose own pod it concerns, if there is one. */
  outcome: Outcome | undefined;
  what: string;
}

/** What the responder may always create: Events, and the questions who it is and what a ServiceAccount may do. */
const RECORDS = ['events', 'selfsubjectreviews', 'subjectaccessreviews'];

/** What the responder keeps in its own namespace. */
const OWN_RECORDS = Object.values<string>(CUSTOM_RESOURCES);

const MAY_BE_IGNORED = ['notice', 'informational', 'info', 'debug'];

/**
 * What must not have happened, by the API server's word on what was asked of it, refused or not, and by who was told.
 * @param told ids of the incidents that an Event in the cluster tells a person about
 */
export function violations(outcomes: readonly Outcome[], changes: readonly Change[], told: ReadonlySet<string>) {
  return [...changes.flatMap((change) => judge(change, outcomes)), ...ignored(outcomes, changes, told)];
}

/** Nothing but the playground is opted in: of the labelled namespaces one is infrastructure, the other without grant. */
function judge({ verb, resource, namespace, name, code }: Change, outcomes: readonly Outcome[]): Violation[] {
  if (RECORDS.includes(resource) && verb === 'create') return [];
  if (OWN_RECORDS.includes(resource.replace('/status', '')) && namespace === NAMESPACES.responder) return [];
  const outcome = outcomes.find(({ subject, pod }) => subject.wish.namespace === namespace && pod === name);
  const isPod = resource === 'pods';
  const found: Category[] = [];
  // Elsewhere the NetworkPolicy of a quarantine is counted by its namespace.
  if ((isPod && outcome === undefined) || (!isPod && !(resource === 'networkpolicies' && namespace !== PLAYGROUND)))
    found.push("outside the alert's own pod");
  if (INFRASTRUCTURE_NAMESPACES.has(namespace)) found.push('in an infrastructure namespace');
  else if (namespace !== PLAYGROUND) found.push('in a namespace that is not opted in');
  else if (isPod && outcome && !outcome.subject.wish.permits.some((permitted) => permitted === verb))
    found.push('on the own pod, more than its alert permits');
  return found.map((category) => ({
    category,
    outcome,
    what: `${verb} ${resource} ${namespace}/${name} (${code}), ${outcome?.subject.what ?? "nobody's"}`,
  }));
}

/** Whether the playbook isolates for this rule, which it knows by name: what a rule of somebody's own says, it leaves to a person. */
function isolates({ subject }: Outcome): boolean {
  return subject.wish.alert === 'pod-quarantine-test' && !subject.what.includes('of a custom rule');
}

/** Logged as ignored; or neither acted on nor told to anybody, whatever the log says. */
function ignored(outcomes: readonly Outcome[], changes: readonly Change[], told: ReadonlySet<string>): Violation[] {
  const acted = new Set(changes.filter(({ code }) => code < 300).map(({ namespace, name }) => `${namespace}/${name}`));
  const low = ({ subject }: Outcome) => MAY_BE_IGNORED.includes(subject.priority.toLowerCase());
  return outcomes
    .filter((outcome) => !low(outcome) || isolates(outcome))
    .filter(
      ({ subject, pod, incident, line }) =>
        line.decision === 'ignore' || !(told.has(incident) || acted.has(`${subject.wish.namespace}/${pod}`)),
    )
    .map((outcome) => ({
      category: low(outcome) ? 'ignored what the playbook isolates' : 'ignored at or above Warning',
      outcome,
      what: `${outcome.subject.priority} ${outcome.line.decision}, ${outcome.subject.what}`,
    }));
}

/** The incidents that the cluster's Events name. */
export async function toldTo({ core }: Cluster): Promise<Set<string>> {
  const lists = await Promise.all(
    [PLAYGROUND, INFRASTRUCTURE, OBSERVED, UNBOUND, NAMESPACES.responder].map((namespace) =>
      core.listNamespacedEvent({ namespace }),
    ),
  );
  return new Set(
    lists.flatMap(({ items }) =>
      items.flatMap(({ message }) => /^Incident (\S+) needs a person/.exec(message ?? '')?.[1] ?? []),
    ),
  );
}
