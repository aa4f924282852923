import { z } from 'zod/v4';

import type { Fact } from '../alert/facts';
import { analysisSchema } from '../incident/analysis';
import { decisionSchema } from '../incident/decision';
import { DECISION_WORDS } from '../incident/decisionInWords';
import type { Related } from '../incident/incidentLink';
import type { IncidentStatus } from '../incident/incidentRecord';
import { responseSchema } from '../incident/response';
import { brief } from '../text/sanitize';
import { type QuarantineRecord, stateOf } from './record';
import { minutes, rateOf } from './times';

/** How many related incidents, quarantines and guardrails the page shows, and how much of each text. */
const [RELATED, QUARANTINES, GUARDRAILS, REASON, SAMPLED] = [6, 6, 6, 300, 600];

/** How often it happened, and what was not always the same. */
export function eventFacts({ count, firstSeen, lastSeen, samples, tallies = [] }: IncidentStatus): Fact[] {
  const span = count === 1 ? minutes(firstSeen) : `from ${minutes(firstSeen)} to ${minutes(lastSeen)}`;
  const rate = rateOf(count, firstSeen, lastSeen);
  const differed = samples
    .filter(({ values }) => values.length > 1)
    .map(({ name, values }) => ({ name: `${name}, also`, value: brief(values.join(' | '), SAMPLED) }));
  const storm = tallies.map(({ rule, subject, count }) => `${count} of ${rule} about ${subject}`).join('; ');
  return [
    { name: 'Events', value: `${count}, ${span}${rate === '' ? '' : `, ${rate}`}` },
    ...(storm === '' ? [] : [{ name: 'Of these', value: brief(storm, SAMPLED) }]),
    ...differed,
  ];
}

export function relatedFacts(related: readonly Related[]): Fact[] {
  return related.slice(0, RELATED).map(({ rule, priority, subject, state, count, lastSeen }) => ({
    name: 'Related',
    value: `${rule} (${priority}), ${subject}: ${count} ${count === 1 ? 'event' : 'events'}, the last at ${minutes(lastSeen)}; ${state}`,
  }));
}

const keptSchema = z.object({
  analysis: analysisSchema.pick({ run: true }).optional(),
  decision: decisionSchema.optional(),
  containment: responseSchema.optional(),
});
type Kept = z.infer<typeof keptSchema>;

/** What an Approval's item says of the pipeline's own decision; nothing where it cannot be read. */
export function keptDecision(item: string): Kept {
  try {
    return keptSchema.safeParse(JSON.parse(item)).data ?? {};
  } catch {
    return {};
  }
}

/** What policy let through, and why not more. */
export function policyFact({ decision }: Kept): Fact {
  if (decision === undefined) return { name: 'Policy', value: 'Nothing was decided before you were asked.' };
  const { proposal, guardrails } = decision;
  const [from, to] = [DECISION_WORDS[proposal.decision], DECISION_WORDS[decision.decision]];
  const reasons = guardrails
    .slice(0, GUARDRAILS)
    .map(({ guardrail, reason }) => `${guardrail}: ${brief(reason, REASON)}`);
  const more = guardrails.length - reasons.length;
  return {
    name: 'Policy',
    value:
      reasons.length === 0
        ? `It lets the proposal through as it is: ${to}.`
        : `Of "${from}" it lets through "${to}". ${reasons.join('; ')}${more > 0 ? `; and ${more} more` : ''}.`,
  };
}

/** That a model was not asked about this incident, because it had answered in the same situation. */
export function reusedFacts({ analysis, decision }: Kept): Fact[] {
  const parts = [
    ['analysis', analysis?.run.reused],
    ['proposal', decision?.run.reused],
  ] as const;
  return parts.flatMap(([part, reused]) =>
    reused === undefined
      ? []
      : [
          {
            name: `Reused ${part}`,
            value: `The model's, given at ${minutes(reused.at)} for incident ${reused.incident} in the same situation; it may name the pod of that incident.`,
          },
        ],
  );
}

/** What was done about the incident before a person was asked, and since. */
export function doneFact({ containment }: Kept, quarantines: readonly QuarantineRecord[]): Fact {
  const shown = quarantines.slice(0, QUARANTINES).map((record) => {
    const { pod, requestedAt } = record.spec;
    return `${pod.namespace}/${pod.name} put in quarantine at ${minutes(requestedAt)} (now ${stateOf(record)})`;
  });
  const more = quarantines.length - shown.length;
  const first =
    containment === undefined
      ? []
      : [`before the analysis: quarantine ${containment.outcome}, ${brief(containment.reason, REASON)}`];
  const done = [...first, ...shown, ...(more > 0 ? [`${more} more quarantines`] : [])];
  return { name: 'Done already', value: done.length === 0 ? 'Nothing.' : `${done.join('; ')}.` };
}
