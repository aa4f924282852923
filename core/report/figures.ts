import type { Story } from './story';

/** What was measured of an incident, in seconds; null where no record says. */
export interface Figures {
  /** From the first event to the decision: what MTTA is the mean of. */
  acknowledge: number | null;
  /** From the first event to the action that was read back as done: what MTTR is the mean of. */
  respond: number | null;
  /** From the first event until the pod was isolated, whether it was deleted afterwards or not. */
  isolate: number | null;
  /** The isolation before the analysis, the analysis, the decision, and the action after it. */
  containment: number | null;
  analysis: number | null;
  decision: number | null;
  action: number | null;
  /** From the question to a person until the answer. */
  person: number | null;
}

/** The figures of the incident's first pass, as the metrics measure them, and of its first Approval. */
export function figuresOf({ status, passes, acts, quarantines, approvals }: Story): Figures {
  const first = passes.find(({ decision }) => decision !== null);
  const from = first?.alertTime ?? status.firstSeen;
  const done = acts.find(({ outcome, action }) => outcome === 'done' && action !== 'release_pod');
  const isolated = [
    ...acts.filter(({ outcome, contained }) => outcome === 'done' && contained !== null).map((act) => act.completedAt),
    ...quarantines.flatMap((record) => ('quarantinedAt' in record.status ? (record.status.quarantinedAt ?? []) : [])),
  ].toSorted()[0];
  const [approval] = approvals;
  const decidedAt = approval?.status.state === undefined ? undefined : approval.status.decidedAt;
  return {
    acknowledge: between(from, first?.decision?.approval === undefined ? first?.decision?.decidedAt : undefined),
    respond: between(from, done?.completedAt),
    isolate: between(from, isolated),
    containment: between(first?.containment?.startedAt, first?.containment?.completedAt),
    analysis: first?.analysis == null ? null : first.analysis.run.durationMs / 1000,
    decision: first?.decision == null ? null : first.decision.run.durationMs / 1000,
    action: between(done?.startedAt, done?.completedAt),
    person: between(approval?.spec.requestedAt, decidedAt),
  };
}

/** Null also where the clocks disagree. */
function between(from: string | undefined, to: string | undefined): number | null {
  if (from === undefined || to === undefined) return null;
  const seconds = (Date.parse(to) - Date.parse(from)) / 1000;
  return seconds >= 0 ? seconds : null;
}

/** "0.4 s", "4 min 5 s", "3 h 2 min"; a dash where nothing was measured. */
export function duration(seconds: number | null): string {
  if (seconds === null) return '-';
  if (seconds < 59.5) return `${seconds < 10 ? seconds.toFixed(1) : seconds.toFixed(0)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
