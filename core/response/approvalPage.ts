import { alertSchema } from '../incident/alert';
import type { Related } from '../incident/incidentLink';
import type { IncidentStatus } from '../incident/incidentRecord';
import { type Fact, factsOf } from '../alert/facts';
import { type Subject, subjectText, targetSubject } from '../incident/subject';
import { brief, visible } from '../text/sanitize';
import type { Approval } from './approval';
import { factLines } from './event';
import { offersFor, type PodState, STATE_WORDS } from './offers';

/** Limit of an approval message in UTF-16 units: Slack refuses a block of more than 3000 characters. */
export const LONGEST_MESSAGE = 2800;

/** Limits of the reason in a message, of the alert's text in the list, and of a title. */
const [MESSAGE_WHY, LIST_SAID, TITLE] = [400, 100, 120];

/** How many related incidents the page shows, and how much of what differed. */
const [RELATED, SAMPLED] = [6, 600];

const PROPOSED: ReadonlyMap<string, string> = new Map([
  ['delete_pod', 'Delete the pod'],
  ['quarantine_pod', 'Quarantine the pod'],
  ['ignore', 'Ignore it as a false alarm'],
]);

/**
 * What the page and the messages show about a waiting incident. `title` and `message` contain nothing that n8n, a chat
 * or a mail program interprets as markup; everything else is plain text, which the page escapes.
 */
export function summaryOf({ metadata, spec }: Approval) {
  const { subject, facts } = known(spec);
  const about = subjectText(subject);
  const said = facts.find(({ name }) => name === 'Alert')?.value;
  return {
    name: metadata.name,
    incident: spec.incident,
    namespace: spec.pod?.namespace ?? null,
    pod: spec.pod?.name ?? null,
    about,
    said: said === undefined ? null : brief(said, LIST_SAID),
    rule: spec.rule,
    priority: spec.priority,
    proposal: spec.proposal ?? null,
    why: spec.why,
    requestedAt: spec.requestedAt,
    expiresAt: spec.expiresAt,
    lines: linesOf(spec, about, facts),
    title: brief(inert(about).replace(/[^\w .,:()/-]/g, '?'), TITLE).replace('[…]', '...'),
    message: messageOf(spec, about, facts),
  };
}

/** The page of one incident: its summary, the pod's current state, and the choices that a person has. */
export function pageOf(approval: Approval, podState: PodState, incident: IncidentStatus | null = null) {
  const summary = summaryOf(approval);
  const [about, ...lines] = summary.lines;
  const now = [{ name: 'Pod now', value: STATE_WORDS[podState] }, ...(incident === null ? [] : eventsOf(incident))];
  const related = rememberedAlert(approval.spec.item)?.related ?? [];
  return {
    ...summary,
    podState,
    offers: offersFor(approval, podState),
    lines: [...(about === undefined ? [] : [about]), ...now, ...lines, ...related.slice(0, RELATED).map(relatedLine)],
  };
}

/** How often it happened, and what was not always the same. */
function eventsOf({ count, firstSeen, lastSeen, samples, tallies = [] }: IncidentStatus): Fact[] {
  const span = count === 1 ? minutes(firstSeen) : `from ${minutes(firstSeen)} to ${minutes(lastSeen)}`;
  const differed = samples
    .filter(({ values }) => values.length > 1)
    .map(({ name, values }) => ({ name: `${name}, also`, value: brief(values.join(' | '), SAMPLED) }));
  const storm = tallies.map(({ rule, subject, count }) => `${count} of ${rule} about ${subject}`).join('; ');
  return [
    { name: 'Events', value: `${count}, ${span}` },
    ...(storm === '' ? [] : [{ name: 'Of these', value: brief(storm, SAMPLED) }]),
    ...differed,
  ];
}

function relatedLine({ rule, priority, subject, state, count, lastSeen }: Related): Fact {
  return {
    name: 'Related',
    value: `${rule} (${priority}), ${subject}: ${count} events, the last at ${minutes(lastSeen)}; ${state}`,
  };
}

/** The page from top to bottom: what happened, why a person is needed, what is proposed, and the deadline. */
function linesOf(
  { rule, priority, why, proposal, expiresAt, incident }: Approval['spec'],
  about: string,
  facts: Fact[],
) {
  return [
    { name: 'About', value: about },
    { name: 'Rule', value: `${rule} (${priority})` },
    ...facts,
    { name: 'Why you are asked', value: why },
    { name: 'Proposed', value: proposed(proposal, why) },
    { name: 'Until', value: `${minutes(expiresAt)}; after that nothing is done` },
    { name: 'Incident', value: incident },
  ];
}

/** With the reason, unless it equals the reason why a person is needed. */
function proposed(proposal: Approval['spec']['proposal'], why: string): string {
  if (proposal === undefined) return 'Nothing';
  const what = PROPOSED.get(proposal.decision);
  if (what !== undefined) return `${what}. ${proposal.reason}`;
  return `Nothing: a person has to judge${proposal.reason === why ? '' : `. ${proposal.reason}`}`;
}

function messageOf(
  { rule, priority, why, expiresAt, incident }: Approval['spec'],
  about: string,
  facts: readonly Fact[],
): string {
  const first = [`${rule} (${priority})`, `About: ${about}`].map(inert);
  const last = [
    `Why you are asked: ${brief(why, MESSAGE_WHY)}`,
    `Until: ${minutes(expiresAt)}`,
    `Incident: ${incident}`,
  ].map(inert);
  const room = LONGEST_MESSAGE - [...first, ...last].reduce((sum, line) => sum + line.length + 1, 0);
  const said = facts.map(({ name, value }) => ({ name: inert(name), value: inert(value) }));
  return [...first, ...factLines(said, room), ...last].join('\n');
}

/** Characters that n8n, Slack's mrkdwn or a mail's HTML could interpret as markup, and harmless lookalikes. */
const LOOKALIKES: ReadonlyMap<string, string> = new Map([
  ['&', '＆'],
  ['<', '‹'],
  ['>', '›'],
  ['"', '´'],
  ["'", '´'],
  ['`', '´'],
  ['\\', '＼'],
  ['://', ': //'], // or chats and mail programs turn it into a link
]);

function inert(text: string): string {
  return visible(text, text.length).replace(/[&<>"'`\\]|:\/\//g, (mark) => LOOKALIKES.get(mark) ?? '?');
}

/** Approvals from before the keys subject and facts hold the alert itself. */
function known({ incident, subject, facts, pod, item }: Approval['spec']): { subject: Subject; facts: Fact[] } {
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

/** "2026-11-26 20:00 UTC" */
function minutes(time: string): string {
  return `${time.slice(0, 16).replace('T', ' ')} UTC`;
}
