import { PipelineError } from '../../core/errors';
import type { Action } from '../../core/response/response';
import { CUSTOM_RESOURCES } from '../../core/names';
import {
  isOpen,
  isReplaceable,
  newRecord,
  type QuarantineRecord,
  recordSchema,
  type RecordSpec,
  type RecordStatus,
  samePodState,
} from '../../core/response/record';
import type { KubernetesClient } from './client';
import {
  atVersion,
  createObject,
  type CustomObject,
  listObjects,
  readObject,
  readOwn,
  replaceObject,
  replaceStatus,
} from './customObjects';
import type { Right } from './rights';
import { responderWatches } from './watch/watches';

const PLURAL = CUSTOM_RESOURCES.quarantines;

export const RECORD_RIGHTS: readonly Right[] = [
  { apiGroup: CUSTOM_RESOURCES.group, resource: PLURAL, verb: 'get' },
  { apiGroup: CUSTOM_RESOURCES.group, resource: PLURAL, verb: 'list' },
  { apiGroup: CUSTOM_RESOURCES.group, resource: PLURAL, verb: 'create' },
  { apiGroup: CUSTOM_RESOURCES.group, resource: PLURAL, verb: 'update' },
  { apiGroup: CUSTOM_RESOURCES.group, resource: `${PLURAL}/status`, verb: 'update' },
];

/** The record of a pod, read now; null when there is none. */
export async function findRecord(client: KubernetesClient, uid: string): Promise<QuarantineRecord | null> {
  try {
    return parse(await readObject(client, PLURAL, uid));
  } catch (error) {
    if (error instanceof PipelineError && error.code === 'not_found') return null;
    throw error;
  }
}

/** All records, from the watch if it can be trusted. */
export async function knownRecords(client: KubernetesClient): Promise<{ records: QuarantineRecord[]; ageMs: number }> {
  const { value, ageMs } = await responderWatches(client).quarantines.all();
  return { records: value.map(parse), ageMs };
}

export async function listRecords(client: KubernetesClient): Promise<QuarantineRecord[]> {
  return (await listObjects(client, PLURAL)).items.map(parse);
}

/**
 * Writes down what a pod was before it is changed. A record that is there already is kept if it says the same, so that
 * an isolation that was cut short can be taken up again; one that nothing relies on any more is replaced.
 * @throws PipelineError `rejected` when a pod in quarantine is not as its record says
 */
export async function ensureRecord(
  client: KubernetesClient,
  spec: RecordSpec,
  dryRun: boolean,
): Promise<QuarantineRecord> {
  try {
    return parse(await createObject(client, PLURAL, newRecord(spec), dryRun));
  } catch (error) {
    if (!(error instanceof PipelineError) || error.code !== 'conflict') throw error;
    const known = await findRecord(client, spec.pod.uid);
    if (known === null) throw error;
    return dryRun || !isReplaceable(known) ? known : takeUp(client, known, spec);
  }
}

async function takeUp(client: KubernetesClient, known: QuarantineRecord, spec: RecordSpec): Promise<QuarantineRecord> {
  if (known.status.state === undefined && samePodState(known.spec, spec)) return known;
  const replaced = parse(await replaceObject(client, PLURAL, body({ ...known, spec })));
  return replaced.status.state === undefined ? replaced : writeStatus(client, replaced, {});
}

/** Writes a record's status. The record's version is checked, so that nobody's later word is lost. */
export async function writeStatus(
  client: KubernetesClient,
  record: QuarantineRecord,
  status: RecordStatus,
): Promise<QuarantineRecord> {
  return parse(await replaceStatus(client, PLURAL, { ...body(record), status }));
}

/** Writes the status on whatever version of the record is there now; for facts that hold whoever else wrote. */
export async function markRecord(client: KubernetesClient, uid: string, change: RecordStatus): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const record = await findRecord(client, uid);
    if (record === null) return;
    try {
      await writeStatus(client, record, { ...record.status, ...change });
      return;
    } catch (error) {
      if (!(error instanceof PipelineError) || error.code !== 'conflict' || attempt === 5) throw error;
    }
  }
}

/** Notes that the pod of a record is no more: by our deletion, if that is what the record was made for, else by somebody's. */
export async function closeRecord(client: KubernetesClient, action: Action, uid: string, now: Date): Promise<void> {
  const record = await findRecord(client, uid);
  if (record === null || !isOpen(record)) return;
  const ours = action === 'delete_pod' && record.spec.decision.decision === 'delete_pod';
  await markRecord(client, uid, { state: ours ? 'Deleted' : 'Gone', changedAt: now.toISOString() });
}

function body({ metadata, spec, status }: QuarantineRecord): CustomObject {
  return atVersion(newRecord(spec), metadata, status);
}

const parse = (object: CustomObject): QuarantineRecord => readOwn(recordSchema, 'Quarantine', object);
