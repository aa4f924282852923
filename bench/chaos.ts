/**
 * Lets parts of the stack fail at random moments while alerts are sent to it, each an incident of its own and each sent once, as
 * Falcosidekick does: most are killed (SIGKILL), two refuse writes, and clocks jump if --faults says so. Prints what became of the alerts. Ends with 1 if one was lost,
 * a pod was acted on twice, or the counters differ from the decisions; with 2 if the run itself failed.
 */
import { messageOf } from '../cluster/local/errors.js';
import { writePrivate } from '../cluster/local/files.js';
import { statePath } from '../cluster/local/paths.js';
import { stopAll } from '../cluster/local/process/supervisor.js';
import { forgetProfile } from '../cluster/local/profile.js';
import { up } from '../cluster/local/up.js';
import { readCommandLine } from '../cluster/shared/commandLine.js';
import { endDisturbances } from './chaos/faults.js';
import { type Options, type ProfileName, readOptions } from './chaos/options.js';
import { print, verdict } from './chaos/report.js';
import { run } from './chaos/run.js';
import { machine } from './machine.js';
import { withoutModel } from './scale/playedModel.js';

const interrupted = new AbortController();

async function main(options: Options): Promise<number> {
  withoutModel();
  const { alerts, rate, faultSeconds, seed } = options;
  console.log(`Seed ${seed}: ${alerts} alerts, ${rate} a second, a fault every ${faultSeconds} s on average`);
  console.log(`Machine: ${machine()}`);
  const problems: string[] = [];
  for (const profile of options.profiles) problems.push(...(await runProfile(profile, options)));
  console.log(
    problems.length === 0
      ? '\nVerdict: nothing was lost, nothing was done twice, and the counters are right.'
      : `\nVerdict: FAILED. ${problems.join('; ')}.`,
  );
  return problems.length === 0 ? 0 : 1;
}

/** On a stack of its own, which is stopped afterwards. Returns what speaks against the pipeline. */
async function runProfile(profile: ProfileName, options: Options): Promise<string[]> {
  await stop();
  try {
    const { stack } = await up({ scaled: profile === 'scaled' });
    const findings = await run(stack, profile, options, interrupted.signal);
    print(findings);
    const file = statePath(`chaos-${profile}.json`);
    await writePrivate(file, JSON.stringify(findings, undefined, 1));
    console.log(`  everything that was found      ${file}`);
    return verdict(findings).map((problem) => `${profile}: ${problem}`);
  } finally {
    if (!options.keep || interrupted.signal.aborted) await stop();
  }
}

async function stop(): Promise<void> {
  await endDisturbances();
  await stopAll();
  await forgetProfile();
}

for (const name of ['SIGINT', 'SIGTERM'] as const)
  process.once(name, () => {
    interrupted.abort();
    console.error('\nInterrupted: the stack is being stopped.');
    void stop().finally(() => process.exit(130));
  });

process.exitCode = await main(readCommandLine(readOptions)).catch((error: unknown) => {
  if (!interrupted.signal.aborted) console.error(`\nError: ${messageOf(error)}`);
  return 2;
});
process.exit();
