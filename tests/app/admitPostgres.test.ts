// The tests of admission, with incidents in PostgreSQL.
import './admit.test';
import './settledByTime.test';

import fc from 'fast-check';

import { type IncidentDatabase, startIncidentDatabase } from '../support/incidentDatabase';
import { keepIncidentsIn } from '../support/incidents';

/** The time that those tests begin at: whatever they list is within the hour. */
const BEGIN = new Date('2026-11-27T10:00:00Z');

// A thousand events are a few thousand queries.
jest.setTimeout(120_000);

let database: IncidentDatabase;
beforeAll(async () => {
  database = await startIncidentDatabase();
  keepIncidentsIn(() => database.emptyStore(() => BEGIN));
  // Each event is a few queries.
  fc.configureGlobal({ numRuns: 10 });
}, 60_000);
afterAll(() => database.close());
