import { figuresOf, type Figures } from './figures';
import { leadOf } from './lead';
import type { IncidentRecords } from './records';
import { storyOf } from './story';

/** Of one text of the summary, in UTF-16 units. */
const LONGEST = 2000;

/** A report in a few fields, for the nodes after it. */
export interface Summary {
  /** Name of the Incident object, and its id, under which Loki, Approvals and metrics have it. */
  name: string;
  id: string;
  subject: string;
  source: string;
  rule: string;
  priority: string;
  state: string;
  reason: string;
  decision: string | null;
  classification: string | null;
  actions: { action: string; outcome: string; pod: string | null; completedAt: string }[];
  approvals: { name: string; state: string; by: string | null }[];
  count: number;
  firstSeen: string;
  lastSeen: string;
  /** In seconds. */
  figures: Figures;
  /** The story in a few sentences. Plain text: escape it for its destination. */
  text: string;
  problems: string[];
}

/** What the report says, for the nodes after it. */
export function summaryOfIncident(records: IncidentRecords): Summary {
  const story = storyOf(records);
  const { record, status, subject, decision, acts, approvals, problems } = story;
  return {
    name: record.metadata.name,
    id: status.incident,
    subject,
    source: record.spec.source,
    rule: record.spec.rule,
    priority: status.priority,
    state: status.state,
    reason: status.reason,
    decision: decision?.decision ?? status.decision ?? null,
    classification: decision?.classification ?? null,
    actions: acts.map(({ action, outcome, target, completedAt }) => ({
      action,
      outcome,
      pod: target === null ? null : `${target.namespace}/${target.pod}`,
      completedAt,
    })),
    approvals: approvals.map(({ metadata, status: answer }) => ({
      name: metadata.name,
      state: answer.state ?? 'Waiting',
      by: answer.state === undefined ? null : answer.decidedBy,
    })),
    count: status.count,
    firstSeen: status.firstSeen,
    lastSeen: status.lastSeen,
    figures: figuresOf(story),
    text: leadOf(story).slice(0, LONGEST),
    problems: [...problems],
  };
}
