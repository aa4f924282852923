import type { RetentionStore } from '../../../app/retention/ports';
import { CUSTOM_RESOURCES } from '../../../core/names';
import { finalRecordOf, type FinalRecord, type RetainedKind } from '../../../core/retention/finalRecord';
import {
  type LastState,
  lastStateOfApproval,
  lastStateOfClaim,
  lastStateOfIncident,
  lastStateOfQuarantine,
} from '../../../core/retention/lastState';
import { addOpenRecords } from '../../../core/retention/openRecords';
import type { KubernetesClient } from '../api/client';
import { type CustomObject, deleteVersion, objectPages, readObject } from '../api/customObjects';
import { unlessGone } from '../api/errors';
import type { Right } from '../api/rights';
import { parseApproval, WAITING } from './approvals';
import { parseIncident } from './incidents';
import { toClaim, UNSETTLED } from './neoTasks';
import { readable } from './readable';
import { OPEN, parseRecord } from './records';
import { markPruning } from './responsePolicy';

interface Kind {
  plural: string;
  /** Field selectors of those that are final, and of those that are not. */
  final: string;
  open: string;
  lastState: (of: FinalRecord, object: CustomObject) => LastState;
}

const KINDS: Readonly<Record<RetainedKind, Kind>> = {
  Incident: {
    plural: CUSTOM_RESOURCES.incidents,
    final: 'status.state=Settled',
    open: 'status.state!=Settled',
    lastState: (of, object) => lastStateOfIncident(of, parseIncident(object)),
  },
  Approval: {
    plural: CUSTOM_RESOURCES.approvals,
    final: 'status.state!=',
    open: WAITING,
    lastState: (of, object) => lastStateOfApproval(of, parseApproval(object)),
  },
  Quarantine: {
    plural: CUSTOM_RESOURCES.quarantines,
    final: 'status.state!=,status.state!=Quarantined,status.state!=Mismatch',
    open: OPEN,
    lastState: (of, object) => lastStateOfQuarantine(of, parseRecord(object)),
  },
  NeoTask: {
    plural: CUSTOM_RESOURCES.neoTasks,
    final: 'status.settledAt!=',
    open: UNSETTLED,
    lastState: (of, object) => lastStateOfClaim(of, toClaim(object)),
  },
};

export const RETENTION_RIGHTS: readonly Right[] = Object.values(KINDS).flatMap(({ plural: resource }) =>
  (['get', 'list', 'delete'] as const).map((verb) => ({ apiGroup: CUSTOM_RESOURCES.group, resource, verb })),
);

/** Records as custom resources. Their ages are the API server's own notes, by which admission judges a deletion, too. */
export function kubernetesRetention(client: KubernetesClient): RetentionStore {
  return {
    begin: (now) => markPruning(client, now),
    openRecords: async () => {
      const open = { incidents: new Set<string>(), pods: new Set<string>() };
      for (const { plural, open: selector } of Object.values(KINDS))
        for await (const { items } of objectPages(client, plural, selector)) addOpenRecords(open, items);
      return open;
    },
    finalRecords: (kind) => finalRecords(client, kind),
    lastState: async (record) => {
      const { plural, lastState } = KINDS[record.kind];
      const object = await unlessGone(() => readObject(client, plural, record.name));
      if (object === null || object.metadata?.resourceVersion !== record.resourceVersion) return null;
      const { read } = await readable(client, [object], (found) => lastState(record, found));
      return read[0] ?? null;
    },
    remove: (record) => deleteVersion(client, KINDS[record.kind].plural, record),
  };
}

/** Metadata alone: an Approval or NeoTask has its whole item, and most are not old. */
async function* finalRecords(client: KubernetesClient, kind: RetainedKind): AsyncGenerator<FinalRecord> {
  const { plural, final } = KINDS[kind];
  for await (const { items } of objectPages(client, plural, final, 'metadata'))
    for (const item of items) {
      const record = finalRecordOf(kind, item);
      if (record !== null) yield record;
    }
}
