/**
 * The simulators as a process of the stack, on its ports.
 *
 * SIMULATORS_CONFIG  a JSON file of the form of `configuration` in start.ts; without it, all is made up
 * SIMULATORS_FOLDER  where the egress keeps its certificate; without it, in the stack's state folder
 */
import { readFile } from 'node:fs/promises';
import { z } from 'zod/v4';
import { messageOf } from '../errors.js';
import { statePath } from '../paths.js';
import { PORTS } from '../process/ports.js';
import { configuration, startSimulators } from './start.js';

async function main(): Promise<void> {
  const { SIMULATORS_CONFIG: file, SIMULATORS_FOLDER: folder = statePath('simulators') } = process.env;
  const given: unknown = file === undefined ? {} : JSON.parse(await readFile(file, 'utf8'));
  const { success, data, error } = configuration.safeParse(given);
  if (!success) throw new Error(`${file ?? ''} is no configuration of the simulators.\n${z.prettifyError(error)}`);
  const simulators = await startSimulators({
    configuration: data,
    ports: PORTS,
    folder,
    log: (line) => {
      console.log(`${new Date().toISOString()} ${line}`);
    },
  });
  const { pagerDuty, neo, egress } = simulators;
  console.log(`PagerDuty at ${pagerDuty.url}, Neo at ${neo.url}, the way out to them at ${egress.url}`);

  const stop = (): void => {
    void simulators.close().then(() => process.exit(0));
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

main().catch((error: unknown) => {
  console.error(messageOf(error));
  process.exit(1);
});
