/** Counts passes and shows them, in a process of its own, so that it can be killed. What to count comes by standard input. */
import { text } from 'node:stream/consumers';

import type { PostgresAccess } from '../../../adapters/postgres/access';
import { postgresOutputs } from '../../../adapters/postgres/outputs';
import { pushGroup } from '../../../adapters/pushgateway/push';
import { sqliteOutputs } from '../../../adapters/sqlite/outputs';
import type { OutputStore } from '../../../app/outputs/ports';
import { showCounts } from '../../../app/outputs/showCounts';
import { counted } from '../../../core/telemetry/samples';

/** A file, or a database. */
export type StorePlace = { file: string } | { postgres: PostgresAccess };

export interface CountTask {
  place: StorePlace;
  url: string;
  instance: string;
  passes: string[];
}

export const openStore = (place: StorePlace, now = () => new Date()): OutputStore =>
  'file' in place ? sqliteOutputs(place.file, now) : postgresOutputs(place.postgres);

/** Shows the counts at a real Pushgateway. */
export const showAt = (store: OutputStore, url: string, instance: string, always = false): Promise<string | null> =>
  showCounts(
    store,
    {
      instance,
      destination: 'pushgateway',
      show: (name, exposition) => pushGroup({ url, username: '', password: '' }, { instance, store: name }, exposition),
    },
    always,
  );

async function main(): Promise<void> {
  const { place, url, instance, passes } = JSON.parse(await text(process.stdin)) as CountTask;
  const store = openStore(place);
  for (const pass of passes) {
    await store.count(instance, pass, counted('incident_pipeline_events_total'));
    console.log(pass);
    await showAt(store, url, instance);
  }
  process.exit();
}

if (require.main === module) void main();
