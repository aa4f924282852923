export const DECISION_METRIC = 'incident_pipeline_decision_total';

/** Sums the decision counter over instances, by decision, from the Prometheus text format. */
export function decisionsIn(exposition: string): Map<string, number> {
  const sums = new Map<string, number>();
  for (const line of exposition.split('\n')) {
    if (!line.startsWith(`${DECISION_METRIC}{`)) continue;
    const decision = /[{,]decision="([^"]*)"/.exec(line)?.[1] ?? '';
    sums.set(decision, (sums.get(decision) ?? 0) + Number(line.slice(line.lastIndexOf(' ') + 1)));
  }
  return sums;
}
