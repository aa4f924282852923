import { type IncidentStore, NO_EXCEPTION } from '../../../app/incidents/ports';
import { CUSTOM_RESOURCES } from '../../../core/names';
import { hasCode, PipelineError } from '../../../core/errors';
import {
  type IncidentRecord,
  incidentRecordSchema,
  type IncidentStatus,
  newIncidentRecord,
} from '../../../core/incident/incidentRecord';
import { floorOfAlert } from '../../../core/policy/exceptions/floor';
import type { KubernetesClient } from '../api/client';
import { atVersion, createObject, type CustomObject, readObject, readOwn, replaceStatus } from '../api/customObjects';
import { unlessGone } from '../api/errors';
import { oncePerObject } from '../../../core/oncePerObject';
import type { Right } from '../api/rights';
import { responderWatches } from '../api/watch/watches';
import { incidentSubject } from '../state/incidentSubject';
import { OwnIncidents } from './ownIncidents';
import { readable } from './readable';
import { matchAmong, possibleExceptions } from './exceptions';
import { readConfiguration } from './responsePolicy';

const PLURAL = CUSTOM_RESOURCES.incidents;

export const INCIDENT_RIGHTS: readonly Right[] = [
  { apiGroup: CUSTOM_RESOURCES.group, resource: PLURAL, verb: 'get' },
  { apiGroup: CUSTOM_RESOURCES.group, resource: PLURAL, verb: 'list' },
  { apiGroup: CUSTOM_RESOURCES.group, resource: PLURAL, verb: 'create' },
  { apiGroup: CUSTOM_RESOURCES.group, resource: `${PLURAL}/status`, verb: 'update' },
];

const written = new WeakMap<KubernetesClient, OwnIncidents>();

/** Incidents as custom resources: the API server lets one create of a name succeed, and a status replace only its own version. */
export function kubernetesIncidents(client: KubernetesClient): IncidentStore {
  const own = ownOf(client);
  const keep = (record: IncidentRecord): IncidentRecord => own.keep(record, performance.now());

  const read = (name: string): Promise<IncidentRecord | null> => {
    own.forget(name);
    return unlessGone(async () => keep(parseIncident(await readObject(client, PLURAL, name))));
  };

  /** Null when somebody else was faster; what they wrote is then what is known. */
  const unlessConflict = async (name: string, write: () => Promise<CustomObject>): Promise<IncidentRecord | null> => {
    try {
      return keep(parseIncident(await write()));
    } catch (error) {
      if (!hasCode(error, 'conflict', 'not_found')) throw error;
      await read(name);
      return null;
    }
  };

  return {
    settledBy: 'workflow',
    subjectOf: (alert) => incidentSubject(client, alert),
    exceptionOf: async (alert, now) => {
      // A floor that needs no reading: what the playbook acts on is no exception's.
      if (floorOfAlert(alert) !== null) return NO_EXCEPTION;
      try {
        const possible = await possibleExceptions(client, alert, now);
        const found = await matchAmong(client, alert, possible);
        return { name: found?.metadata.name ?? null, isPossible: possible.length > 0 };
      } catch (error) {
        if (error instanceof PipelineError) return { name: null, isPossible: true };
        throw error;
      }
    },
    bounds: async () => (await readConfiguration(client)).incidents,
    find: async (name) => watchedOrOwn(client, name).known ?? read(name),
    peek: async (name) => {
      const { known, isTrusted } = watchedOrOwn(client, name);
      return known ?? (isTrusted ? null : read(name));
    },
    all: async () => {
      const { value } = await responderWatches(client).incidents.all();
      const { read: seen } = await readable(client, value, parseOnce);
      return own.withOwn(seen);
    },
    create: (name, spec) => unlessConflict(name, () => createObject(client, PLURAL, newIncidentRecord(name, spec))),
    update: ({ metadata, spec }: IncidentRecord, status: IncidentStatus) => {
      const body = atVersion(newIncidentRecord(metadata.name, spec), metadata, status);
      return unlessConflict(metadata.name, () => replaceStatus(client, PLURAL, body));
    },
  };
}

/** What the watch or this process knows of an incident, without a call, and whether the watch can be trusted. */
export function watchedOrOwn(
  client: KubernetesClient,
  name: string,
): { known: IncidentRecord | null; isTrusted: boolean } {
  const own = ownOf(client);
  const watched = responderWatches(client).incidents.list();
  const seen = watched?.value.find(({ metadata }) => metadata?.name === name);
  const isTrusted = watched !== null;
  return {
    known: seen === undefined ? own.of(name, isTrusted, performance.now()) : own.newer(parseOnce(seen)),
    isTrusted,
  };
}

function ownOf(client: KubernetesClient): OwnIncidents {
  const own = written.get(client) ?? new OwnIncidents();
  written.set(client, own);
  return own;
}

export const parseIncident = (object: CustomObject): IncidentRecord =>
  readOwn(incidentRecordSchema, 'Incident', object);
const parseOnce = oncePerObject(parseIncident);
