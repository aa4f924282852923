/**
 * Decides again on alerts that Loki, Falco or n8n recorded, with today's playbook, policy and prompts, without acting
 * (docs/evaluation.md). Prints what would be decided, and what changed.
 */
import { readCommandLine } from '../cluster/shared/commandLine.js';
import { messageOf } from '../core/errors.js';
import { visible } from '../core/text/sanitize.js';
import { STATE } from './paths.js';
import { compareGolden, goldenOf } from './replay/golden.js';
import { replay } from './replay/replay.js';
import { resultLine, totals } from './replay/report.js';
import { deciderFor } from './run/decider.js';
import { type ReplayOptions, readReplayOptions } from './run/options.js';

/** How many foreign lines are named. */
const MOST_NAMED = 50;

async function main(options: ReplayOptions): Promise<void> {
  const decider = deciderFor(options, STATE);
  if (decider === 'obey') throw new TypeError('the worst model needs labelled cases');
  const { results, foreign, others } = await replay(options.files, decider);
  for (const result of results) console.log(resultLine(result));
  for (const line of totals(results)) console.log(line);
  for (const [event, count] of others) console.log(`Lines without an alert, ${visible(event, 40)}: ${count}`);
  if (foreign.length > 0) console.log(`Foreign lines, which were not understood: ${foreign.length}`);
  for (const line of foreign.slice(0, MOST_NAMED)) console.log(`  ${visible(line, 300)}`);
  if (foreign.length > MOST_NAMED) console.log(`  and ${foreign.length - MOST_NAMED} more`);
  if (options.golden === undefined) return;
  const changes = await compareGolden(options.golden, goldenOf(results));
  console.log(changes === null ? `Written: ${options.golden}` : `Changed against ${options.golden}: ${changes.length}`);
  for (const change of changes ?? []) console.log(`  ${visible(change, 300)}`);
  if (changes !== null && changes.length > 0) process.exitCode = 1;
}

const options = readCommandLine((args) => readReplayOptions(args, process.env));
try {
  await main(options);
} catch (error) {
  console.error(messageOf(error));
  process.exitCode = 1;
}
