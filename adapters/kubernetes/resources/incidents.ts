import type { IncidentStore } from '../../../app/incidents/ports';
import { CUSTOM_RESOURCES } from '../../../core/names';
import { PipelineError } from '../../../core/errors';
import {
  type IncidentRecord,
  incidentRecordSchema,
  type IncidentStatus,
  newIncidentRecord,
} from '../../../core/incident/incidentRecord';
import type { KubernetesClient } from '../api/client';
import {
  atVersion,
  createObject,
  type CustomObject,
  readObject,
  readOwn,
  replaceStatus,
  versionOf,
} from '../api/customObjects';
import { parsedOnce } from '../api/parsedOnce';
import type { Right } from '../api/rights';
import { responderWatches } from '../api/watch/watches';
import { incidentSubject } from '../state/incidentSubject';
import { readConfiguration } from './responsePolicy';

const PLURAL = CUSTOM_RESOURCES.incidents;

export const INCIDENT_RIGHTS: readonly Right[] = [
  { apiGroup: CUSTOM_RESOURCES.group, resource: PLURAL, verb: 'get' },
  { apiGroup: CUSTOM_RESOURCES.group, resource: PLURAL, verb: 'list' },
  { apiGroup: CUSTOM_RESOURCES.group, resource: PLURAL, verb: 'create' },
  { apiGroup: CUSTOM_RESOURCES.group, resource: `${PLURAL}/status`, verb: 'update' },
];

/** For how long this process trusts what it wrote or read itself, where the watch does not have the object yet. */
const OWN_MS = 5_000;

/** What this process wrote or read last, by name: newer than the watch's word until that has caught up. */
const written = new WeakMap<KubernetesClient, Map<string, { record: IncidentRecord; at: number }>>();

/** Incidents as custom resources: the API server lets one create of a name succeed, and a status replace only its own version. */
export function kubernetesIncidents(client: KubernetesClient): IncidentStore {
  const own = written.get(client) ?? new Map<string, { record: IncidentRecord; at: number }>();
  written.set(client, own);

  const keep = (record: IncidentRecord): IncidentRecord => {
    const now = Date.now();
    own.delete(record.metadata.name);
    own.set(record.metadata.name, { record, at: now });
    for (const [name, { at }] of own) {
      if (now - at <= OWN_MS) break;
      own.delete(name);
    }
    return record;
  };

  const read = async (name: string): Promise<IncidentRecord | null> => {
    own.delete(name);
    try {
      return keep(parse(await readObject(client, PLURAL, name)));
    } catch (error) {
      if (error instanceof PipelineError && error.code === 'not_found') return null;
      throw error;
    }
  };

  /** Null when somebody else was faster; what they wrote is then what is known. */
  const unlessConflict = async (name: string, write: () => Promise<CustomObject>): Promise<IncidentRecord | null> => {
    try {
      return keep(parse(await write()));
    } catch (error) {
      if (!(error instanceof PipelineError) || (error.code !== 'conflict' && error.code !== 'not_found')) throw error;
      await read(name);
      return null;
    }
  };

  const newer = (seen: IncidentRecord): IncidentRecord => {
    const mine = own.get(seen.metadata.name)?.record;
    return mine !== undefined && versionOf(mine) > versionOf(seen) ? mine : seen;
  };

  return {
    subjectOf: (alert) => incidentSubject(client, alert),
    bounds: async () => (await readConfiguration(client)).incidents,
    find: async (name) => {
      const watched = responderWatches(client).incidents.list();
      const seen = watched?.value.find(({ metadata }) => metadata?.name === name);
      if (seen !== undefined) return newer(parseOnce(seen));
      const mine = own.get(name);
      if (mine !== undefined && Date.now() - mine.at <= OWN_MS) return mine.record;
      // A watch that can be trusted and does not have it: a create finds out whether it is only late.
      return watched === null ? read(name) : null;
    },
    all: async () => {
      const { value } = await responderWatches(client).incidents.all();
      const seen = value.flatMap((object) => readable(object));
      const known = new Set(seen.map(({ metadata }) => metadata.name));
      return [
        ...seen.map(newer),
        ...[...own.values()].map(({ record }) => record).filter((r) => !known.has(r.metadata.name)),
      ];
    },
    create: (name, spec) => unlessConflict(name, () => createObject(client, PLURAL, newIncidentRecord(name, spec))),
    update: ({ metadata, spec }: IncidentRecord, status: IncidentStatus) => {
      const body = atVersion(newIncidentRecord(metadata.name, spec), metadata, status);
      return unlessConflict(metadata.name, () => replaceStatus(client, PLURAL, body));
    },
  };
}

/** One that somebody spoiled must not keep the others from being counted. */
function readable(object: CustomObject): IncidentRecord[] {
  try {
    return [parseOnce(object)];
  } catch (error) {
    if (error instanceof PipelineError) return [];
    throw error;
  }
}

const parse = (object: CustomObject): IncidentRecord => readOwn(incidentRecordSchema, 'Incident', object);
const parseOnce = parsedOnce(parse);
