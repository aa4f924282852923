import { kubernetesIncidents } from '../../../adapters/kubernetes/resources/incidents';
import type { Stack } from '../../../cluster/local/stack';
import { type IncidentRecord, statusOf } from '../../../core/incident/incidentRecord';
import { FALCO_SNAPSHOT_RULE } from '../../../core/names';
import { realWorldCase } from '../../support/realWorld';
import { type Posted, post } from './incident';
import { connectResponder } from './responder';

/** Sends a heartbeat as Falco on a node does, by Falcosidekick. */
export function sendHeartbeat(stack: Stack, node: string): Promise<Posted> {
  const body = realWorldCase('falco-metrics-snapshot').input.body as object;
  return post(stack, JSON.stringify({ ...body, hostname: node, time: new Date().toISOString() }));
}

/** The incidents of heartbeats. */
export async function heartbeatIncidents(stack: Stack): Promise<IncidentRecord[]> {
  const all = await kubernetesIncidents(await connectResponder(stack)).all();
  return all.filter(({ spec }) => spec.rule === FALCO_SNAPSHOT_RULE);
}

/** Forgets that a heartbeat started the workflow a moment ago, as one of another test does. */
export async function forgetHeartbeats(stack: Stack): Promise<void> {
  const store = kubernetesIncidents(await connectResponder(stack));
  for (const record of await heartbeatIncidents(stack)) await store.update(record, { ...statusOf(record), passes: [] });
}
