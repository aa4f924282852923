import type { IncidentStatus } from '../incident/incidentRecord';
import type { Fact } from '../alert/facts';
import type { Approval } from './approval';
import { doneFact, eventFacts, keptDecision, policyFact, relatedFacts, reusedFacts } from './approvalHistory';
import { messageOf } from './approvalMessage';
import type { ApprovalNow, PodNow } from './approvalNow';
import { priorityText } from './approvalPriority';
import { deadline, known, type Line, proposed, rememberedAlert, summaryOf } from './approvalSummary';
import { executionLink, logLink, reportLink } from './links';
import { offersFor, STATE_WORDS } from './offers';
import { counted, previewOf } from './preview';
import { minutes } from './times';

/**
 * The page of one incident: its summary, what is known of it now, and the choices that a person has with what each would do.
 * @param n8n where n8n's editor is; null when it is unknown
 */
export function pageOf(
  approval: Approval,
  now: ApprovalNow,
  incident: IncidentStatus | null = null,
  n8n: string | null = null,
) {
  const { spec } = approval;
  const summary = summaryOf(approval);
  const alert = rememberedAlert(spec.item);
  const { facts } = known(spec);
  const kept = keptDecision(spec.item);
  const offers = offersFor(approval, now.pods);
  const events = incident === null ? [] : eventFacts(incident);
  const related = relatedFacts(alert?.related ?? []);
  const done = doneFact(kept, now.quarantines);
  const offered = new Set(offers.map(({ choice }) => (choice === 'approve' ? spec.proposal?.decision : choice)));
  const previews = PREVIEWED.filter(([choice]) => offered.has(choice)).map(([choice, name]) => ({
    choice,
    line: { name, value: previewOf(choice, alert, now) },
  }));
  const lines: Line[] = [
    { name: 'About', value: summary.about },
    ...podLines(now.pods, n8n),
    ...events,
    { name: 'Rule', value: `${spec.rule} (${priorityText(approval)})` },
    ...facts,
    ...related,
    { name: 'Why you are asked', value: spec.why },
    { name: 'Proposed', value: proposed(spec.proposal, spec.why) },
    ...reusedFacts(kept),
    policyFact(kept),
    done,
    ...previews.map(({ line }) => line),
    { name: 'Until', value: deadline(spec) },
    {
      name: 'Incident',
      value: spec.incident,
      links: [
        ...executionLink(n8n, spec.execution, 'Execution in n8n'),
        ...reportLink(n8n, alert?.incident?.name),
        ...logLink(now.configuration?.links, spec.incident, incident?.firstSeen ?? spec.requestedAt),
      ],
    },
  ];
  const first = previews.find(({ choice }) => choice === spec.proposal?.decision) ?? previews[0];
  const beyond = [
    ...events.slice(0, 1),
    ...(related.length === 0 ? [] : [{ name: 'Related', value: relatedCount(related) }]),
    done,
    ...(first === undefined ? [] : [first.line]),
  ];
  return {
    ...summary,
    offers,
    lines,
    message: messageOf(approval, summary.about, facts, beyond),
  };
}

/** In the order of the page, with the line's name. */
const PREVIEWED = [
  ['delete_pod', 'If you delete'],
  ['quarantine_pod', 'If you quarantine'],
  ['release_pod', 'If you release'],
  ['ignore', 'If you ignore'],
  ['reject', 'If you reject'],
] as const;

function relatedCount(related: readonly Fact[]): string {
  return `${counted(related.length, 'incident')} within the last hour, first ${related[0]?.value ?? ''}`;
}

function podLines(pods: readonly PodNow[], n8n: string | null): Line[] {
  if (pods.length === 0) return [{ name: 'Pod now', value: STATE_WORDS.unknown }];
  return pods.map(({ namespace, name, uid, state, joined }) => ({
    name: pods.length === 1 ? 'Pod now' : 'Pod',
    value: [
      ...(pods.length === 1 ? [] : [`${namespace}/${name}:`]),
      STATE_WORDS[state],
      ...(uid === null ? ['Its uid is unknown: no action on it is possible.'] : []),
      ...(joined === null ? [] : [`It joined at ${minutes(joined.joinedAt)}.`]),
    ].join(' '),
    command: `kubectl get pod -n ${namespace} ${name}`,
    links: executionLink(n8n, joined?.execution, 'Execution in n8n'),
  }));
}
