const INCIDENTS = 'incident_pipeline_incident_total';

/** The incidents that Pushgateway shows, summed over its groups and classifications. */
export async function countedIncidents(pushgateway: string): Promise<number> {
  const answer = await fetch(`${pushgateway}/metrics`, { signal: AbortSignal.timeout(10_000) });
  if (!answer.ok) throw new Error(`Pushgateway answered ${answer.status}.`);
  return incidentsIn(await answer.text());
}

/** The same in Prometheus' text format. */
export function incidentsIn(exposition: string): number {
  return exposition
    .split('\n')
    .filter((line) => line.startsWith(`${INCIDENTS}{`))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}
