import { CustomObjectsApi } from '@kubernetes/client-node';

import { listObjects } from '../../../adapters/kubernetes/api/customObjects';
import { kubernetesIncidents } from '../../../adapters/kubernetes/resources/incidents';
import { configOf } from '../../../cluster/local/kubernetes/client';
import type { Stack } from '../../../cluster/local/stack';
import { until } from '../../../cluster/local/process/wait';
import { CUSTOM_RESOURCES, NAMESPACES } from '../../../core/names';
import { type IncidentRecord, statusOf } from '../../../core/incident/incidentRecord';
import { connectResponder } from './responder';

/** All incidents, read now. */
export async function incidents(stack: Stack): Promise<IncidentRecord[]> {
  return kubernetesIncidents(await connectResponder(stack)).all();
}

/** Deletes every incident: what an earlier test sent counts for nothing then, neither for bounds nor as related. */
export async function forgetIncidents(): Promise<void> {
  const { group, version, incidents: plural } = CUSTOM_RESOURCES;
  const api = configOf().makeApiClient(CustomObjectsApi);
  await api.deleteCollectionNamespacedCustomObject({ group, version, namespace: NAMESPACES.responder, plural });
}

/** Settles every incident, as the workflow does: the next event of each opens it again. */
export async function settleIncidents(stack: Stack): Promise<void> {
  const client = await connectResponder(stack);
  const { items } = await listObjects(client, CUSTOM_RESOURCES.incidents, 'status.state!=Settled');
  const store = kubernetesIncidents(client);
  await Promise.all(items.map(({ metadata }) => settle(store, metadata?.name ?? '')));
}

async function settle(store: ReturnType<typeof kubernetesIncidents>, name: string): Promise<void> {
  await until(`incident ${name} settled`, 10, async () => {
    const current = await store.find(name);
    if (current === null) return true;
    // What a test cut off would be started again ten minutes later, beside another test.
    const status = {
      ...statusOf(current),
      state: 'Settled' as const,
      reason: 'settled by a test',
      passes: [],
      unfinished: [],
    };
    return (await store.update(current, status)) === null ? undefined : true;
  });
}

/** The incident of an id, once it is as expected. */
export async function incidentUntil(
  stack: Stack,
  id: string,
  isAsExpected: (status: ReturnType<typeof statusOf>) => boolean,
): Promise<ReturnType<typeof statusOf>> {
  return until(`incident ${id} as expected`, 30, async () => {
    const found = (await incidents(stack)).map(statusOf).find(({ incident }) => incident === id);
    if (found === undefined || !isAsExpected(found)) throw new Error(`it is ${JSON.stringify(found)}`);
    return found;
  });
}
