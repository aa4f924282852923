/** Counts passes and shows them, in a process of its own, which may kill itself. What to count comes by standard input. */
import { text } from 'node:stream/consumers';

import type { PostgresAccess } from '../../../adapters/postgres/access';
import { postgresOutputs } from '../../../adapters/postgres/outputs';
import { pushGroup } from '../../../adapters/pushgateway/push';
import { sqliteOutputs } from '../../../adapters/sqlite/outputs';
import type { OutputStore } from '../../../app/outputs/ports';
import { showCounts } from '../../../app/outputs/showCounts';
import { counted } from '../../../core/telemetry/samples';
import { endProcess, killedAt, type KillAt } from './killSelf';

/** A file, or a database. */
export type StorePlace = { file: string } | { postgres: PostgresAccess };

export interface CountTask {
  place: StorePlace;
  url: string;
  instance: string;
  passes: string[];
  kill: KillAt | null;
}

export const openStore = (place: StorePlace, now = () => new Date()): OutputStore =>
  'file' in place ? sqliteOutputs(place.file, now) : postgresOutputs(place.postgres, now);

/** Shows the counts at a real Pushgateway. */
export const showAt = (
  store: OutputStore,
  url: string,
  instance: string,
  always = false,
  around = <T>(send: () => Promise<T>): Promise<T> => send(),
): Promise<string | null> =>
  showCounts(
    store,
    {
      instance,
      destination: 'pushgateway',
      show: (name, exposition) =>
        around(() => pushGroup({ url, username: '', password: '' }, { instance, store: name }, exposition)),
    },
    always,
  );

async function main(): Promise<void> {
  const { place, url, instance, passes, kill } = JSON.parse(await text(process.stdin)) as CountTask;
  const store = openStore(place);
  for (const [index, pass] of passes.entries()) {
    await store.count(instance, pass, counted('incident_pipeline_events_total'));
    await showAt(store, url, instance, false, (send) => killedAt(kill, index, send));
  }
  endProcess(kill);
}

if (require.main === module) void main();
