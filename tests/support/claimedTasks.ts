import { randomUUID } from 'node:crypto';

import { postgresClaims } from '../../adapters/postgres/claims';
import { confirmReported } from '../../app/neo/confirmReported';
import type { OpenedTask } from '../../app/neo/openedTask';
import { openTask, type TaskDecision } from '../../app/neo/openTask';
import type { ClaimStore, TaskPorts } from '../../app/neo/ports';
import type { ScriptSettings } from '../../cluster/local/simulators/neo/script';
import { type Claim, type ClaimSpec, LEASE_MS } from '../../core/remediation/claim';
import { specOf } from './claims';
import { LOOKS_MS, requestFor, type Simulated, simulateNeo } from './neo';
import { connectTo, type RunningPostgres, startPostgres } from './postgres';

export interface ClaimedTasks {
  simulated: Simulated;
  postgres: RunningPostgres;
  /** Stores of two workers on the same claims. */
  store: ClaimStore;
  other: ClaimStore;
  /** The ports of a worker: at this time, over one of the stores. */
  ports: (change?: { claims?: ClaimStore; now?: Date }) => TaskPorts;
  spec: (change?: Partial<ClaimSpec>) => ClaimSpec;
  open: (spec: ClaimSpec, wanted?: TaskDecision, store?: ClaimStore) => Promise<OpenedTask>;
  /** An incident with its task, which has got as far as its script goes by itself. */
  opened: (script: ScriptSettings, change?: Partial<ClaimSpec>) => Promise<{ spec: ClaimSpec; id: string }>;
  find: (spec: ClaimSpec) => Promise<Claim>;
  /** Forgets all claims and tasks. */
  reset: () => Promise<void>;
  close: () => Promise<void>;
}

/** Claims in a real PostgreSQL, tasks in Neo's simulator. */
export async function claimedTasks(): Promise<ClaimedTasks> {
  const [simulated, postgres] = await Promise.all([simulateNeo(), startPostgres()]);
  const { access } = postgres;
  const [store, other] = [postgresClaims(access), postgresClaims({ ...access, ca: 'another worker' })];
  await store.unsettled();
  const specOfNow: ClaimedTasks['spec'] = (change = {}) =>
    specOf({ incident: randomUUID(), claimedAt: new Date().toISOString(), ...change });
  const ports: ClaimedTasks['ports'] = ({ claims = store, now } = {}) => ({
    neo: simulated.port,
    claims,
    now: () => now ?? new Date(),
    looksMs: LOOKS_MS,
  });
  const open: ClaimedTasks['open'] = (spec, wanted = { request: requestFor(spec.incident) }, claims = store) =>
    openTask(ports({ claims }), spec, wanted);
  return {
    simulated,
    postgres,
    store,
    other,
    ports,
    spec: specOfNow,
    open,
    opened: async (script, change) => {
      simulated.neo.follow(script);
      const spec = specOfNow(change);
      const { task } = await open(spec, { request: requestFor(spec.incident, { approvalMode: 'auto' }) });
      const id = task.id ?? '';
      // As the workflow does with whatever it was given.
      await confirmReported(store, spec.incident, task, new Date());
      const endless = script.name === 'never-ends';
      // Its commission, and what each script does before it ends, asks or goes on for ever.
      await simulated.until(id, ({ events, status }) =>
        endless ? events.length === 5 : events.length > 5 && status === 'idle',
      );
      return { spec, id };
    },
    find: async ({ incident }) => {
      const claim = await store.find(incident);
      if (claim === null) throw new Error(`incident ${incident} was not claimed`);
      return claim;
    },
    reset: async () => {
      await simulated.reset();
      const client = await connectTo(access);
      await client.query('delete from incident_pipeline_neo_task');
      await client.end();
    },
    close: async () => {
      await Promise.all([simulated.neo.close(), postgres.close()]);
    },
  };
}

/** When a worker that claimed something has to be taken for gone. */
export function longAgo(): string {
  return new Date(Date.now() - LEASE_MS - 1000).toISOString();
}

/** What a store gives, with something done before its next write: by somebody else, who was quicker. */
export function overtakenBy(store: ClaimStore, act: () => Promise<unknown>): ClaimStore {
  let pending: (() => Promise<unknown>) | undefined = act;
  return {
    ...store,
    update: async (claim, status) => {
      const first = pending;
      pending = undefined;
      await first?.();
      return store.update(claim, status);
    },
  };
}
