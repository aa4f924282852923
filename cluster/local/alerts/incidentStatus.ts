import { z } from 'zod/v4';
import { DECISIONS, type Decision } from '../../../core/incident/decision.js';
import { type IncidentStatus, incidentRecordSchema, statusOf } from '../../../core/incident/incidentRecord.js';
import { CUSTOM_RESOURCES, NAMESPACES } from '../../../core/names.js';
import type { Cluster } from '../kubernetes/client.js';
import { until } from '../process/wait.js';

/** n8n writes down what it counted every ten seconds. */
const WRITTEN_SECONDS = 30;

/** How many events each incident has counted, by the incident's id. */
export async function incidentCounts(cluster: Cluster): Promise<Map<string, number>> {
  return new Map((await statuses(cluster)).map(({ incident, count }) => [incident, count]));
}

/** What the incident says of its events, once it has counted more than before. */
export async function countedRepeat(cluster: Cluster, incident: string, before: number): Promise<IncidentStatus> {
  return until(`The repeat, counted in incident ${incident}`, WRITTEN_SECONDS, async () =>
    (await statuses(cluster)).find((status) => status.incident === incident && status.count > before),
  );
}

/** What the incident says of a decision, once one was recorded after `since`. */
export async function decided(
  cluster: Cluster,
  incident: string,
  since: Date,
): Promise<(IncidentStatus & { decision: Decision }) | undefined> {
  const status = (await statuses(cluster)).find((one) => one.incident === incident);
  if (status?.decision === undefined || new Date(status.changedAt ?? 0) < since) return undefined;
  return { ...status, decision: z.enum(DECISIONS).parse(status.decision) };
}

async function statuses({ objects }: Cluster): Promise<IncidentStatus[]> {
  const { items } = await objects.list(CUSTOM_RESOURCES.apiVersion, 'Incident', NAMESPACES.responder);
  return items.map((item) => statusOf(incidentRecordSchema.parse(item)));
}
