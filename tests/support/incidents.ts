import { memoryIncidents } from '../../adapters/memory/incidents';
import type { AdmissionPorts } from '../../app/incidents/admission';
import { admit } from '../../app/incidents/admit';
import type { IncidentStore } from '../../app/incidents/ports';
import { CountedRepeats } from '../../app/incidents/repeats';
import type { Alert } from '../../core/incident/alert';
import type { IncidentLink } from '../../core/incident/incidentLink';
import { type IncidentStatus, statusOf } from '../../core/incident/incidentRecord';
import type { ActionResponse } from '../../core/incident/response';
import { DEFAULT_INCIDENT_BOUNDS, type IncidentBounds } from '../../core/incident/responsePolicy';
import { withRepeats } from '../../core/folding/events';
import { alertOf } from './alerts';

/** An event about a pod, by default of one rule. Each has an id of its own, as Falcosidekick's have. */
export function eventOf(
  { pod = 'a', rule = 'A rule', ...change }: { pod?: string; rule?: string } & Partial<Alert> = {},
  at = new Date('2026-11-27T10:00:00Z'),
): Alert {
  events += 1;
  const target = { namespace: 'shop', pod, podUid: `uid-${pod}`, container: null, image: null };
  return {
    ...alertOf(),
    id: `event-${events}`,
    rule,
    grouping: rule,
    priority: 'notice',
    target,
    subject: { kind: 'Pod', namespace: 'shop', name: pod },
    time: at.toISOString(),
    receivedAt: at.toISOString(),
    ...change,
  };
}

let events = 0;

/** A second after an event. */
const ACTED_AT = '2026-11-27T10:00:01.000Z';

/** How an action ended. */
export const acted = (
  action: ActionResponse['action'],
  outcome: ActionResponse['outcome'] = 'done',
): ActionResponse => ({
  action,
  outcome,
  reason: 'a test',
  target: null,
  checked: [],
  changed: [],
  contained: null,
  gaps: [],
  guardrails: [],
  undo: null,
  startedAt: ACTED_AT,
  completedAt: ACTED_AT,
});

/** How an incident let an alert through. */
export function linkOf(bound: string | null = null): IncidentLink {
  return {
    name: `incident-${'0'.repeat(32)}`,
    why: 'opened',
    pass: 1,
    count: 1,
    repeats: 0,
    firstSeen: '2026-11-27T10:00:00.000Z',
    model: true,
    notify: true,
    bound,
  };
}

let makeStore: () => IncidentStore = memoryIncidents;

/** An empty store of incidents: in memory, unless a test chose another kind. */
export function newStore(): IncidentStore {
  return makeStore();
}

/** From here on, tests of admission keep their incidents in stores like this. */
export function keepIncidentsIn(make: () => IncidentStore): void {
  makeStore = make;
}

/** Admission with a clock that the test moves, over a store whose incidents a workflow settles unless the test says otherwise. */
export class Admissions {
  readonly store: IncidentStore;
  readonly ports: AdmissionPorts;
  /** The bounds of the cluster that were reported as spent. */
  readonly spent = new Set<string>();
  now = new Date('2026-11-27T10:00:00Z');

  constructor(
    bounds: Partial<IncidentBounds> = {},
    change: {
      store?: IncidentStore;
      acts?: (alert: Alert) => boolean;
      about?: IncidentStore['subjectOf'];
      settledBy?: IncidentStore['settledBy'];
    } = {},
  ) {
    const base = change.store ?? newStore();
    this.store = {
      ...base,
      settledBy: change.settledBy ?? 'workflow',
      bounds: () => Promise.resolve({ ...DEFAULT_INCIDENT_BOUNDS, ...bounds }),
      ...(change.about === undefined ? {} : { subjectOf: change.about }),
    };
    this.ports = {
      store: this.store,
      // Nothing is written down on its own: tests say when.
      repeats: new CountedRepeats(this.store, undefined, 2 ** 30),
      acts: change.acts ?? (() => false),
      spent: (bound, { trust }) => {
        this.spent.add(`${bound} of ${trust}`);
      },
    };
  }

  admit(alert: Alert, others = 0, delivery?: readonly string[]) {
    return admit(this.ports, { alert, others, ...(delivery && { delivery }) }, this.now);
  }

  later(minutes: number): void {
    this.now = new Date(this.now.getTime() + minutes * 60_000);
  }

  /** All incidents with what was counted and not written down yet. */
  async statuses(): Promise<IncidentStatus[]> {
    return (await this.store.all()).map((record) =>
      withRepeats(statusOf(record), this.ports.repeats.of(record.metadata.name)),
    );
  }

  /** Settles every incident, as if a person had. */
  async settle(): Promise<void> {
    for (const record of await this.store.all())
      await this.store.update(record, { ...statusOf(record), state: 'Settled', reason: 'a person settled it' });
  }
}
