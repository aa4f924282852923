import { hasCode, PipelineError } from '../../../core/errors';
import { FINAL_STATES, type FinalState } from '../../../core/incident/quarantineState';
import type { Action } from '../../../core/incident/actions';
import type { Target } from '../../../core/incident/alert';
import { CUSTOM_RESOURCES } from '../../../core/names';
import {
  changedStatus,
  isolationOf,
  isOf,
  isOpen,
  latestRecords,
  newRecord,
  type QuarantineRecord,
  recordSchema,
  type RecordSpec,
  type RecordChange,
  type RecordStatus,
  samePodState,
} from '../../../core/response/record';
import type { KubernetesClient } from '../api/client';
import {
  atVersion,
  createObject,
  type CustomObject,
  listObjects,
  readObject,
  readOwn,
  replaceStatus,
} from '../api/customObjects';
import { unlessGone } from '../api/errors';
import { oncePerObject } from '../../../core/oncePerObject';
import type { Right } from '../api/rights';
import { updateWithRetry } from '../api/updateWithRetry';
import { responderWatches } from '../api/watch/watches';
import { readable } from './readable';

const PLURAL = CUSTOM_RESOURCES.quarantines;
/** Selects those in no final state; field selectors know no "or". */
export const OPEN = FINAL_STATES.map((state) => `status.state!=${state}`).join(',');

export const RECORD_RIGHTS: readonly Right[] = [
  { apiGroup: CUSTOM_RESOURCES.group, resource: PLURAL, verb: 'get' },
  { apiGroup: CUSTOM_RESOURCES.group, resource: PLURAL, verb: 'list' },
  { apiGroup: CUSTOM_RESOURCES.group, resource: PLURAL, verb: 'create' },
  { apiGroup: CUSTOM_RESOURCES.group, resource: `${PLURAL}/status`, verb: 'update' },
];

/** The record of a pod's last isolation, read now; null when there is none. */
export async function findRecord(client: KubernetesClient, uid: string): Promise<QuarantineRecord | null> {
  const { items } = await listObjects(client, PLURAL, `spec.pod.uid=${uid}`);
  return latestRecords(items.map(parseRecord)).get(uid) ?? null;
}

async function readRecord(client: KubernetesClient, name: string): Promise<QuarantineRecord | null> {
  return unlessGone(async () => parseRecord(await readObject(client, PLURAL, name)));
}

/** @returns whether the record was still there */
async function writeStatus(client: KubernetesClient, record: CustomObject): Promise<boolean> {
  return (await unlessGone(() => replaceStatus(client, PLURAL, record))) !== null;
}

interface KnownRecords {
  records: QuarantineRecord[];
  /** Why the others cannot be read, by name. */
  unreadable: ReadonlyMap<string, PipelineError>;
  ageMs: number;
}

/** All records that were not pruned, from the watch if it can be trusted: the budget asks for those that ended, too. */
export async function knownRecords(client: KubernetesClient): Promise<KnownRecords> {
  const { value, ageMs } = await responderWatches(client).quarantines.all();
  const { read, unreadable } = await readable(client, value, parseOnce);
  return { records: read, unreadable, ageMs };
}

/** The records of pods that are, or may be, isolated, read now. */
export async function openRecords(client: KubernetesClient): Promise<QuarantineRecord[]> {
  const { read } = await readable(client, (await listObjects(client, PLURAL, OPEN)).items, parseRecord);
  return read.filter(isOpen);
}

/**
 * Writes down what a pod was before it is changed. An open record is kept if it says the same, so that an isolation that was
 * cut short can be taken up again. One that was begun for other labels is given up: what a record says never changes.
 * @param known the pod's record as far as it is known; on the way to a first isolation nobody has looked for one
 */
export async function ensureRecord(
  { client, dryRun, now }: { client: KubernetesClient; dryRun: boolean; now: () => Date },
  spec: RecordSpec,
  known: QuarantineRecord | null,
): Promise<QuarantineRecord> {
  try {
    if (known === null) return await create(client, spec, 1, dryRun);
  } catch (error) {
    const found = hasCode(error, 'conflict') ? await findRecord(client, spec.pod.uid) : null;
    if (found === null) throw error;
    return ensureRecord({ client, dryRun, now }, spec, found);
  }
  if (isOpen(known)) {
    if (dryRun || known.status.state !== undefined || samePodState(known.spec, spec)) return known;
    await markRecord(client, known, { state: 'Abandoned', changedAt: now().toISOString() });
  }
  return create(client, spec, isolationOf(known) + 1, dryRun);
}

async function create(
  client: KubernetesClient,
  spec: RecordSpec,
  isolation: number,
  dryRun: boolean,
): Promise<QuarantineRecord> {
  const record = newRecord(spec, isolation);
  const created = await createObject(client, PLURAL, record, dryRun);
  // What is not stored has no version.
  return dryRun
    ? { ...record, metadata: { ...record.metadata, resourceVersion: '' }, status: {} }
    : parseRecord(created);
}

/**
 * Writes a record's status to its current version; for facts that hold whatever another worker wrote. A record that has
 * ended stays as it is: somebody else has seen the end first. Null from a change that depends on the status leaves it as it is.
 * @param of the record's name, or the record as this process has just read or made it: that one is not read again unless
 *   another writer was faster
 * @returns whether it was written
 */
export async function markRecord(
  client: KubernetesClient,
  of: string | QuarantineRecord,
  change: RecordChange | ((status: RecordStatus) => RecordChange | null),
): Promise<boolean> {
  const [name, known] = typeof of === 'string' ? [of, null] : [of.metadata.name, of];
  return updateWithRetry({
    attempts: 5,
    read: async (isFirst) => (isFirst ? known : null) ?? (await readRecord(client, name)),
    write: async (record) => {
      if (record === null || !isOpen(record)) return false;
      const made = typeof change === 'function' ? change(record.status) : change;
      if (made === null) return false;
      return writeStatus(client, { ...body(record), status: changedStatus(record.status, made) });
    },
  });
}

/**
 * Writes the verified isolation of a pod into its record. Of two runs that isolate one pod, one may have given up the record that
 * both relied on: the isolation then has another, which says the same of what the pod was.
 */
export async function markIsolated(
  client: KubernetesClient,
  record: QuarantineRecord,
  change: RecordChange & { state: 'Quarantined' },
): Promise<void> {
  if (await markRecord(client, record, change)) return;
  const known = await readRecord(client, record.metadata.name);
  if (known !== null && known.status.state !== 'Abandoned') return;
  const next = await create(client, record.spec, isolationOf(record) + 1, false);
  await markRecord(client, next, change);
}

/** Notes what became of a pod, if it is, or may be, isolated by a record of ours. */
export async function endRecord(client: KubernetesClient, uid: string, state: FinalState, now: Date): Promise<void> {
  const record = await findRecord(client, uid);
  if (record === null) return;
  await markRecord(client, record, { state, changedAt: now.toISOString() });
}

/**
 * Notes that the pod of a record is no more: by our deletion, if that is what the record was made for, else by somebody's.
 * A record of another pod with this uid says that the uid is not the pod's, and stays as it is.
 */
export async function closeRecord(client: KubernetesClient, action: Action, target: Target, now: Date): Promise<void> {
  const record = target.podUid === null ? null : await findRecord(client, target.podUid);
  if (record === null || !isOpen(record) || !isOf(record, target)) return;
  const ours = action === 'delete_pod' && record.spec.decision.decision === 'delete_pod';
  await markRecord(client, record, { state: ours ? 'Deleted' : 'Gone', changedAt: now.toISOString() });
}

function body({ metadata, spec, status }: QuarantineRecord): CustomObject {
  return atVersion(newRecord(spec, isolationOf({ metadata, spec })), metadata, status);
}

export const parseRecord = (object: CustomObject): QuarantineRecord => readOwn(recordSchema, 'Quarantine', object);
const parseOnce = oncePerObject(parseRecord);
