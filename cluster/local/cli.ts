import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { Command, InvalidArgumentError, Option } from 'commander';
import { alert } from './alerts/alert.js';
import { loadAlert } from './alerts/alertFiles.js';
import { failBy, stopBySignal } from './ending.js';
import { record } from './log/runLog.js';
import { STATE } from './paths.js';
import { runScenario } from './scenarios/scenario.js';
import { scenario } from './scenarios/scenarios.js';
import { printStatus } from './status.js';
import { addresses, loginTo, next, stopped, summary } from './summary.js';
import { OUTSIDE, removePostgresql } from './postgresql/component.js';
import { stopAll } from './process/supervisor.js';
import { forgetProfile, type Wanted } from './profile.js';
import { up, upToDecisions } from './up.js';

const program = new Command('cluster/local').description(
  "The embedded stack: n8n, a Kubernetes control plane, Loki, Prometheus and a Pushgateway on this machine's loopback.",
);

const SCALED = new Option(
  '--scaled',
  'n8n in queue mode: main process, webhook processors, workers, PostgreSQL, Redis',
);
const WORKERS = new Option('--workers <number>', 'how many workers').argParser((text) => {
  if (!/^[1-9]$/.test(text)) throw new InvalidArgumentError('It is a number from 1 to 9.');
  return Number(text);
});

const FROM_SOURCE = new Option('--from-source', 'build the servers from source instead of downloading their releases');

/** What every command that starts the stack takes. */
type StartOptions = Wanted & { fromSource?: boolean };

program
  .command('up')
  .description('install, build and start all missing components, and wait until they are healthy')
  .addOption(SCALED)
  .addOption(WORKERS)
  .addOption(FROM_SOURCE)
  .action(async (wanted: StartOptions) => {
    console.log(summary(await up(wanted)));
  });

program
  .command('down')
  .description('stop everything that up started')
  .option('--purge', 'remove its data, logs and secrets too')
  .action(async ({ purge = false }: { purge?: boolean }) => {
    await stopAll();
    await forgetProfile();
    const folders = [STATE, OUTSIDE].filter((folder) => folder !== undefined).filter((folder) => existsSync(folder));
    if (purge) await Promise.all([rm(STATE, { recursive: true, force: true }), removePostgresql()]);
    console.log(stopped(folders, purge));
  });

program
  .command('status')
  .description('show each component, its process and its health')
  .action(async () => {
    if (!(await printStatus())) process.exitCode = 1;
  });

program
  .command('alert')
  .description('send a recorded alert as Falcosidekick would, and follow it to its end')
  .argument('<name>', 'a file of cluster/local/alerts, without .json')
  .addOption(SCALED)
  .addOption(WORKERS)
  .addOption(FROM_SOURCE)
  .action(async (name: string, wanted: StartOptions) => {
    const recorded = await loadAlert(name);
    const { stack, monitoring } = await upToDecisions(wanted);
    if (!(await alert(stack, recorded, monitoring))) process.exitCode = 1;
    console.log(addresses(stack, name));
  });

program
  .command('scenario')
  .description(
    'report to a simulated PagerDuty as a detector does, and follow it to the result of a simulated Pulumi Neo',
  )
  .argument('<name>', 'a folder of cluster/local/scenarios')
  .option('--without-custom-fields', 'report as detectors do that do not say where the code is')
  .addOption(SCALED)
  .addOption(WORKERS)
  .addOption(FROM_SOURCE)
  .action(
    async (
      name: string,
      { withoutCustomFields = false, ...wanted }: StartOptions & { withoutCustomFields?: boolean },
    ) => {
      scenario(name);
      const { stack, monitoring } = await upToDecisions({ ...wanted, simulators: true });
      if (!(await runScenario(name, withoutCustomFields ? 'without-context' : 'with-context'))) process.exitCode = 1;
      await monitoring();
      console.log(
        `\nSee the workflows PagerDuty to Neo, which keeps no executions, and Neo Task Report in n8n: ${loginTo(stack)}\n\n${next({ kind: 'scenario', name })}\n`,
      );
    },
  );

async function main(): Promise<void> {
  const command = process.argv.slice(2).join(' ');
  const changes = !command.startsWith('status');
  if (changes) {
    record(`started: ${command}`);
    stopBySignal();
  }
  try {
    await program.parseAsync();
    if (changes && !command.includes('--purge')) record(`ended: ${command}`);
  } catch (error) {
    failBy(error, changes);
  }
}

void main();
