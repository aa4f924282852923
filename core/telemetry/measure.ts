import type { Incident } from './incident';

/** What an incident adds to the metrics. Durations are seconds. */
export interface Measures {
  classification: string;
  decision: string;
  action: { action: string; outcome: string } | null;
  guardrails: string[];
  /** Alert time → decision; null when there was no decision or the clocks disagree. */
  acknowledgeSeconds: number | null;
  /** Alert time → action read back as done; null when nothing was done or the clocks disagree. */
  respondSeconds: number | null;
  /** Durations that came out negative: the source's clock is ahead of ours. */
  clockSkews: number;
  stages: Record<string, number>;
  tokens: { input: number; output: number };
  modelFallbacks: number;
}

/** Measures an incident from the times that its nodes recorded. Nothing is assumed: what was not measured is null. */
export function measure({ alert, analysis, decision, response }: Incident): Measures {
  const acknowledged = decision === undefined ? null : secondsBetween(alert.time, decision.decidedAt);
  const acted = response !== undefined && response.outcome === 'done' && decision?.decision === response.action;
  const responded = acted ? secondsBetween(alert.time, response.completedAt) : null;
  const runs = [analysis?.run, decision?.run].filter((run) => run !== undefined);
  return {
    classification: decision?.classification ?? 'needs_review',
    decision: decision?.decision ?? 'escalate',
    action: response === undefined ? null : { action: response.action, outcome: response.outcome },
    guardrails: decision?.guardrails.map(({ guardrail }) => guardrail) ?? [],
    acknowledgeSeconds: unlessNegative(acknowledged),
    respondSeconds: unlessNegative(responded),
    clockSkews: [acknowledged, responded].filter((seconds) => seconds !== null && seconds < 0).length,
    stages: {
      ...(analysis === undefined ? {} : { analysis: analysis.run.durationMs / 1000 }),
      ...(decision === undefined ? {} : { decision: decision.run.durationMs / 1000 }),
      ...(response === undefined ? {} : { response: secondsBetween(response.startedAt, response.completedAt) }),
    },
    tokens: {
      input: runs.reduce((sum, run) => sum + run.tokens.input, 0),
      output: runs.reduce((sum, run) => sum + run.tokens.output, 0),
    },
    modelFallbacks: runs.filter((run) => run.by === 'playbook').length,
  };
}

function secondsBetween(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / 1000;
}

function unlessNegative(seconds: number | null): number | null {
  return seconds === null || seconds < 0 ? null : seconds;
}
