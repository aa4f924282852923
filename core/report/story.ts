import type { Fact } from '../alert/facts';
import type { DecisionRecord } from '../incident/decision';
import { type IncidentStatus, statusOf } from '../incident/incidentRecord';
import { subjectText } from '../incident/subject';
import { known } from '../response/approvalSummary';
import { type Act, type Pass, passOfItem, type Reasoned } from './pass';
import type { IncidentRecords } from './records';

/** An incident's records, put together: what the report shows. */
export interface Story extends IncidentRecords {
  status: IncidentStatus;
  /** "Deployment shop/checkout". */
  subject: string;
  /** The oldest first. */
  passes: readonly Pass[];
  facts: readonly Fact[];
  /** The last one, whole where an Approval has it whole. */
  analysis: Reasoned | null;
  /** Of the last pass that decided without a person. */
  decision: DecisionRecord | null;
  /** What was done, the oldest first. */
  acts: readonly Act[];
}

/** The story of an incident, from what the cluster and Loki have of it. */
export function storyOf(records: IncidentRecords): Story {
  const { record, approvals, log } = records;
  const kept = approvals.flatMap(({ spec }) => passOfItem(spec.item) ?? []);
  const passes = joined(log ?? [], kept);
  const { subject } = record.spec;
  const withFacts = passes.find(({ facts }) => facts.length > 0);
  const [first] = approvals;
  return {
    ...records,
    status: statusOf(record),
    subject: subjectText({ ...subject, namespace: subject.namespace ?? null }),
    passes,
    facts: withFacts?.facts ?? (first === undefined ? [] : known(first.spec).facts),
    analysis: passes.findLast(({ analysis }) => analysis !== null)?.analysis ?? null,
    decision: passes.findLast(({ decision }) => isByPipeline(decision))?.decision ?? null,
    acts: actsOf(passes),
  };
}

const isByPipeline = (decision: DecisionRecord | null): boolean => decision !== null && decision.approval === undefined;

/** The log's passes with the whole analyses of Approvals, and the passes that only an Approval has. */
function joined(log: readonly Pass[], kept: readonly Pass[]): Pass[] {
  const ofSame = (one: Pass, other: Pass): boolean =>
    one.decision !== null && one.decision.decidedAt === other.decision?.decidedAt;
  const whole = log.map((pass) => ({
    ...pass,
    analysis: kept.find((one) => ofSame(pass, one))?.analysis ?? pass.analysis,
  }));
  const more = kept.filter((one) => !log.some((pass) => ofSame(pass, one)));
  return [...whole, ...more].toSorted((one, other) => timeOf(one).localeCompare(timeOf(other)));
}

/** When the pass had its result, as far as it says. */
function timeOf({ response, decision, alertTime }: Pass): string {
  return response?.completedAt ?? decision?.approval?.at ?? decision?.decidedAt ?? alertTime;
}

/** A person's pass has the isolation of the pass before it, too. */
function actsOf(passes: readonly Pass[]): Act[] {
  const acts = new Map<string, Act>();
  for (const act of passes.flatMap(({ containment, response }) => [containment, response]))
    if (act !== null) acts.set(`${act.action} ${act.target?.uid ?? ''} ${act.completedAt}`, act);
  return [...acts.values()].toSorted((one, other) => one.completedAt.localeCompare(other.completedAt));
}
