import { readFile } from 'node:fs/promises';

import { runAgents } from '../agents.js';
import { agentOptions, type Decider } from '../evaluateCase.js';
import { newMeter } from '../model/askedModel.js';
import { defaultConfiguration } from '../world/configuration.js';
import { contextFor } from './assumeContext.js';
import { readExport } from './readExport.js';
import type { Result } from './report.js';

export interface Replay {
  results: Result[];
  /** Each with its place: "FILE, line 12: why". */
  foreign: string[];
  /** Lines of ours about no alert, by their event. */
  others: Map<string, number>;
}

/** Decides on the alerts of exported files again. Nothing is acted on, and nobody is notified. */
export async function replay(files: readonly string[], decider: Exclude<Decider, 'obey'>): Promise<Replay> {
  const configuration = defaultConfiguration();
  const done: Replay = { results: [], foreign: [], others: new Map() };
  for (const file of files) {
    const { alerts, foreign, others } = readExport(await readFile(file, 'utf8'));
    done.foreign.push(...foreign.map(({ at, what }) => `${file}, ${at}: ${what}`));
    for (const [event, count] of others) done.others.set(event, (done.others.get(event) ?? 0) + count);
    for (const { at, what } of alerts) {
      const { context, isRecorded } = contextFor(what, configuration);
      const { alert, before } = what;
      const decided = await runAgents({ alert, context }, agentOptions(decider, 1, newMeter()));
      done.results.push({ at: `${file}, ${at}`, alert, before, isRecorded, decided });
    }
  }
  return done;
}
