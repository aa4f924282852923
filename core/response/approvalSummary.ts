import { alertSchema } from '../incident/alert';
import { type Fact, factsOf } from '../alert/facts';
import { type Subject, subjectText, targetSubject } from '../incident/subject';
import { brief } from '../text/sanitize';
import type { Approval } from './approval';
import { messageOf, titleOf } from './approvalMessage';
import { namedPods } from './approvalPods';
import { priorityOf, priorityText } from './approvalPriority';
import type { Link } from './links';
import { counted } from './preview';
import { minutes } from './times';

/** Limit of the alert's text in the list. */
const LIST_SAID = 100;

/** A line of the page. Everything in it is plain text, which the page escapes; its links are ours. */
export interface Line extends Fact {
  /** A command that a person can run. */
  command?: string;
  links?: Link[];
}

const PROPOSED: ReadonlyMap<string, string> = new Map([
  ['delete_pod', 'Delete the pod'],
  ['quarantine_pod', 'Quarantine the pod'],
  ['ignore', 'Ignore it as a false alarm'],
]);

/**
 * What the page and the messages show about a waiting incident. `title` and `message` contain nothing that n8n, a chat
 * or a mail program interprets as markup; everything else is plain text, which the page escapes.
 */
export function summaryOf(approval: Approval) {
  const { metadata, spec } = approval;
  const { facts } = known(spec);
  const about = aboutOf(approval);
  const said = facts.find(({ name }) => name === 'Alert')?.value;
  return {
    name: metadata.name,
    incident: spec.incident,
    /** Name of the Incident object; null for Approvals from before there was one. */
    record: rememberedAlert(spec.item)?.incident?.name ?? null,
    namespace: spec.pod?.namespace ?? null,
    pod: spec.pod?.name ?? null,
    /** How many pods it names: a decision holds for as many as were shown. */
    shown: namedPods(approval).length,
    about,
    said: said === undefined ? null : brief(said, LIST_SAID),
    rule: spec.rule,
    priority: priorityOf(approval),
    proposal: spec.proposal ?? null,
    why: spec.why,
    requestedAt: spec.requestedAt,
    expiresAt: spec.expiresAt,
    lines: linesOf(approval, about, facts),
    title: titleOf(about),
    message: messageOf(approval, about, facts),
  };
}

/** From top to bottom: what happened, why a person is needed, what is proposed, and the deadline. */
function linesOf(approval: Approval, about: string, facts: readonly Fact[]): Line[] {
  const { spec } = approval;
  return [
    { name: 'About', value: about },
    { name: 'Rule', value: `${spec.rule} (${priorityText(approval)})` },
    ...facts,
    { name: 'Why you are asked', value: spec.why },
    { name: 'Proposed', value: proposed(spec.proposal, spec.why) },
    { name: 'Until', value: deadline(spec) },
    { name: 'Incident', value: spec.incident },
  ];
}

/** Until when a person can decide. */
export const deadline = ({ expiresAt }: Approval['spec']): string =>
  `${minutes(expiresAt)}; after that nothing is done`;

/** What was proposed, with the reason, unless it equals the reason why a person is needed. */
export function proposed(proposal: Approval['spec']['proposal'], why: string): string {
  if (proposal === undefined) return 'Nothing';
  const what = PROPOSED.get(proposal.decision);
  if (what !== undefined) return `${what}. ${proposal.reason}`;
  return `Nothing: a person has to judge${proposal.reason === why ? '' : `. ${proposal.reason}`}`;
}

/** The subject, and how many more pods joined. */
function aboutOf(approval: Approval): string {
  const joined = approval.status.pods?.length ?? 0;
  return `${subjectText(known(approval.spec).subject)}${joined === 0 ? '' : ` and ${counted(joined, 'more pod')}`}`;
}

/** Subject and facts; Approvals from before the keys subject and facts hold the alert itself. */
export function known({ incident, subject, facts, pod, item }: Approval['spec']): { subject: Subject; facts: Fact[] } {
  if (subject !== undefined && facts !== undefined)
    return { subject: { ...subject, namespace: subject.namespace ?? null }, facts };
  const alert = rememberedAlert(item);
  if (alert !== null) return { subject: alert.subject, facts: factsOf(alert) };
  return {
    subject:
      pod === undefined
        ? { kind: 'Incident', namespace: null, name: incident }
        : targetSubject({ namespace: pod.namespace, pod: pod.name }),
    facts: [],
  };
}

/** The alert that an Approval was requested for, or null if it cannot be read. */
export function rememberedAlert(item: string) {
  try {
    const { alert } = JSON.parse(item) as { alert?: unknown };
    return alertSchema.safeParse(alert).data ?? null;
  } catch {
    return null;
  }
}
