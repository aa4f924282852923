import { CustomObjectsApi, type KubernetesListObject } from '@kubernetes/client-node';

import type { CustomObject } from '../../adapters/kubernetes/api/customObjects.js';
import { parseApproval } from '../../adapters/kubernetes/resources/approvals.js';
import { parseIncident } from '../../adapters/kubernetes/resources/incidents.js';
import { toClaim } from '../../adapters/kubernetes/resources/neoTasks.js';
import { parseRecord } from '../../adapters/kubernetes/resources/records.js';
import { configOf } from '../../cluster/local/kubernetes/client.js';
import { messageOf } from '../../cluster/local/errors.js';
import { CUSTOM_RESOURCES, NAMESPACES } from '../../core/names.js';

const KINDS = [
  [CUSTOM_RESOURCES.incidents, parseIncident],
  [CUSTOM_RESOURCES.approvals, parseApproval],
  [CUSTOM_RESOURCES.quarantines, parseRecord],
  [CUSTOM_RESOURCES.neoTasks, toClaim],
] as const;

export interface ReadRecords {
  plural: string;
  read: number;
  /** Why the others cannot be read. */
  problems: string[];
}

/** Reads every record of a cluster as this version does. */
export async function readRecords(kubeconfig: string): Promise<ReadRecords[]> {
  const api = configOf(undefined, kubeconfig).makeApiClient(CustomObjectsApi);
  const { group, version } = CUSTOM_RESOURCES;
  return Promise.all(
    KINDS.map(async ([plural, parse]) => {
      const list: unknown = await api.listNamespacedCustomObject({
        group,
        version,
        namespace: NAMESPACES.responder,
        plural,
      });
      const { items } = list as KubernetesListObject<CustomObject>;
      const problems = items.flatMap((object) => problemOf(() => parse(object)));
      return { plural, read: items.length - problems.length, problems };
    }),
  );
}

function problemOf(read: () => unknown): string[] {
  try {
    read();
    return [];
  } catch (error) {
    return [messageOf(error)];
  }
}
