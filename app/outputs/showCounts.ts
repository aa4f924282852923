import { randomUUID } from 'node:crypto';

import { messageWithStep } from '../../core/errors';
import { exposition } from '../../core/telemetry/exposition';
import { counted } from '../../core/telemetry/samples';
import type { OutputStore } from './ports';

const FAILED = counted('incident_pipeline_output_failure_total', 1, { output: 'pushgateway' });

/** Where an n8n's counts are shown. */
export interface CountsOutput {
  /** The n8n. */
  instance: string;
  /** Which Pushgateway, by a name that stays when its address changes. */
  destination: string;
  /** Replaces what is shown of this n8n and store by this text in Prometheus' format. */
  show: (store: string, text: string) => Promise<void>;
}

/**
 * Shows the counts as they are now. Only one execution of all processes sends at a time, so that no older state replaces a newer one;
 * it looks again afterwards, so that what was counted meanwhile is shown as well.
 * @param always shows them even if nothing was counted since: Pushgateway may have lost them
 * @returns what keeps them from being shown, null if nothing does; they are shown with the next attempt
 */
export async function showCounts(
  store: OutputStore,
  { instance, destination, show }: CountsOutput,
  always = false,
): Promise<string | null> {
  const output = JSON.stringify(['counts', instance, destination]);
  const owner = randomUUID();
  for (let again = always; ; again = false) {
    const turn = await store.begin(output, owner);
    if (!turn.mine) return turn.problem;
    const { version, values } = await store.counts(instance);
    // Where nothing was ever counted, there is nothing to show.
    const problem =
      (again && version > 0) || version > turn.delivered
        ? await problemOf(async () => show(await store.name(), exposition(values)))
        : null;
    if (problem !== null) await store.count(instance, null, FAILED);
    await store.end(output, owner, problem === null ? { delivered: version } : { problem });
    if (problem !== null) return problem;
    // An execution that counted since found the turn taken, and relies on this look.
    if ((await store.counts(instance)).version === version) return null;
  }
}

async function problemOf(run: () => Promise<void>): Promise<string | null> {
  try {
    await run();
    return null;
  } catch (error) {
    return messageWithStep(error);
  }
}
