import { hasCode } from '../../../core/errors';
import { CUSTOM_RESOURCES } from '../../../core/names';
import { type Claim, isSettled, neoTaskName, neoTaskResource, newNeoTask } from '../../../core/remediation/claim';
import { type ClaimStore, MOST_OF_FINDING } from '../../../app/neo/ports';
import type { KubernetesClient } from '../api/client';
import {
  atVersion,
  createObject,
  type CustomObject,
  firstObjects,
  listObjects,
  readObject,
  readOwn,
  replaceStatus,
} from '../api/customObjects';
import { unlessGone } from '../api/errors';
import type { Right } from '../api/rights';
import { readable } from './readable';

const PLURAL = CUSTOM_RESOURCES.neoTasks;
/** Selects those of which something is left to be done, whatever their task's state. */
export const UNSETTLED = 'status.settledAt=';

export const NEO_TASK_RIGHTS: readonly Right[] = [
  { apiGroup: CUSTOM_RESOURCES.group, resource: PLURAL, verb: 'get' },
  { apiGroup: CUSTOM_RESOURCES.group, resource: PLURAL, verb: 'list' },
  { apiGroup: CUSTOM_RESOURCES.group, resource: PLURAL, verb: 'create' },
  { apiGroup: CUSTOM_RESOURCES.group, resource: `${PLURAL}/status`, verb: 'update' },
];

/** Claims as custom resources: the API server lets one create of a name succeed, and a status replace only its own version. */
export function kubernetesClaims(client: KubernetesClient): ClaimStore {
  const find = (incident: string): Promise<Claim | null> =>
    unlessGone(async () => toClaim(await readObject(client, PLURAL, neoTaskName(incident))));
  return {
    find,
    claim: async (spec) => {
      try {
        return { claim: toClaim(await createObject(client, PLURAL, newNeoTask(spec))), mine: true };
      } catch (error) {
        const known = hasCode(error, 'conflict') ? await find(spec.incident) : null;
        if (known === null) throw error;
        return { claim: known, mine: false };
      }
    },
    update: async (claim, status) => {
      try {
        const body = atVersion(newNeoTask(claim.spec), { resourceVersion: claim.version }, status);
        return toClaim(await replaceStatus(client, PLURAL, body));
      } catch (error) {
        if (hasCode(error, 'conflict', 'not_found')) return null;
        throw error;
      }
    },
    ofFinding: async (key) => {
      const items = await firstObjects(client, PLURAL, `spec.finding.key=${key}`, MOST_OF_FINDING);
      return (await readable(client, items, toClaim)).read;
    },
    unsettled: async () => {
      const { items } = await listObjects(client, PLURAL, UNSETTLED);
      const { read } = await readable(client, items, toClaim);
      return read.filter((claim) => !isSettled(claim));
    },
  };
}

/** @throws PipelineError `rejected` when it is not of our form */
export function toClaim(object: CustomObject): Claim {
  const { metadata, spec, status } = readOwn(neoTaskResource, 'NeoTask', object);
  return { spec, status, version: metadata.resourceVersion };
}
