import { type IncidentStore, NO_EXCEPTION } from '../../app/incidents/ports';
import { forgetOldest } from '../../core/forgetOldest';
import { ownSubject } from '../../core/folding/key';
import { type IncidentRecord, newIncidentRecord } from '../../core/incident/incidentRecord';
import { DEFAULT_INCIDENT_BOUNDS } from '../../core/incident/responsePolicy';

/** The incidents that are kept; beyond them those whose last event is the oldest are forgotten. */
const MOST = 2000;

/** Incidents of one process, for an n8n without a cluster. A restart forgets them: what repeats then passes again. */
export function memoryIncidents(): IncidentStore {
  const kept = new Map<string, IncidentRecord>();
  const keep = (record: IncidentRecord): IncidentRecord => {
    // A Map keeps the order of insertion: put in again, it is the last.
    kept.delete(record.metadata.name);
    kept.set(record.metadata.name, record);
    forgetOldest(kept, MOST);
    return record;
  };
  return {
    settledBy: 'time',
    subjectOf: (alert) => Promise.resolve(ownSubject(alert)),
    exceptionOf: () => Promise.resolve(NO_EXCEPTION),
    bounds: () => Promise.resolve(DEFAULT_INCIDENT_BOUNDS),
    find: (name) => Promise.resolve(kept.get(name) ?? null),
    peek: (name) => Promise.resolve(kept.get(name) ?? null),
    all: () => Promise.resolve([...kept.values()]),
    create: (name, spec) => {
      if (kept.has(name)) return Promise.resolve(null);
      const { metadata } = newIncidentRecord(name, spec);
      return Promise.resolve(keep({ metadata: { ...metadata, resourceVersion: '1' }, spec }));
    },
    update: (record, status) => {
      const known = kept.get(record.metadata.name);
      if (known?.metadata.resourceVersion !== record.metadata.resourceVersion) return Promise.resolve(null);
      const resourceVersion = String(Number(record.metadata.resourceVersion) + 1);
      return Promise.resolve(keep({ ...record, metadata: { ...record.metadata, resourceVersion }, status }));
    },
  };
}
