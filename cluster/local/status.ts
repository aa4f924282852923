import { join } from 'node:path';
import { postgresOutputs } from '../../adapters/postgres/outputs.js';
import { outputStatus } from '../../adapters/sqlite/status.js';
import { reportOutputs } from '../../app/outputs/report.js';
import { OUTPUT_FILE } from '../../core/names.js';
import { messageOf } from './errors.js';
import { isHealthy } from './process/health.js';
import { APPROVALS_URL } from './n8n/n8n.js';
import { checkNodes, type NodeCheck } from './n8n/nodeCheck.js';
import { componentsOf, makePlan, n8nProcesses, type Plan } from './plan.js';
import { databaseAccess } from './postgresql/component.js';
import type { Component } from './process/component.js';
import { currentProfile } from './profile.js';
import { hasSimulators } from './simulators/component.js';
import { loadStack } from './stack.js';
import { loginTo } from './summary.js';
import { type Process, processes } from './process/supervisor.js';

interface Row {
  well: boolean;
  cells: string[];
}

/**
 * Prints each component with its process and health, which of n8n's processes lack the nodes, where a person signs in,
 * and what waits to be sent.
 * @returns whether all are well
 */
export async function printStatus(): Promise<boolean> {
  const plan = await makePlan(await currentProfile(), hasSimulators());
  const known = new Map((await processes()).map((process) => [process.name, process]));
  const rows = await Promise.all(componentsOf(plan).map((component) => rowOf(component, known.get(component.name))));
  for (const {
    cells: [name = '', state = '', pid = '', memory = '', url = ''],
  } of rows) {
    console.log(`${name.padEnd(23)} ${state.padEnd(12)} ${pid.padEnd(12)} ${memory.padStart(9)}  ${url}`);
  }
  if (!rows.some(({ well }) => well)) return false;
  const hasNodes = printNodes(await checkNodes(plan.n8nProject, n8nProcesses(plan)));
  await printWays();
  await printOutputs(plan);
  return hasNodes && rows.every(({ well }) => well);
}

async function rowOf(component: Component, process: Process | undefined): Promise<Row> {
  const running = process?.status === 'online';
  const well = running && (await isHealthy(component).catch(() => false));
  return {
    well,
    cells: [
      component.name,
      well ? 'healthy' : running ? 'not healthy' : (process?.status ?? 'not running'),
      running ? `pid ${process.pid}` : '',
      running ? `${Math.round(process.memoryBytes / 2 ** 20)} MiB` : '',
      component.ask === undefined ? new URL(component.health).origin : component.health,
    ],
  };
}

/** Returns whether each process has the nodes. */
function printNodes(checks: NodeCheck[]): boolean {
  const lacking = checks.filter(({ problem }) => problem !== null);
  console.log(
    lacking.length === 0
      ? `\nNodes       loaded by ${checks.map(({ process }) => process).join(', ')}`
      : `\n${lacking.map(({ process, problem }) => `Nodes       missing in ${process}: ${problem ?? ''}`).join('\n')}\n` +
          '            Stop the stack and start it again: ./deploy.sh --local --down',
  );
  return lacking.length === 0;
}

/** What n8n could not send yet. Several processes have it in their database, one has it in its folder. */
async function printOutputs({ n8n, queue, secrets }: Plan): Promise<void> {
  console.log('');
  const lines =
    queue === undefined
      ? await outputStatus(join(n8n.env.N8N_USER_FOLDER ?? '', '.n8n', OUTPUT_FILE))
      : await reportOutputs(postgresOutputs(databaseAccess(secrets), () => new Date())).catch((error: unknown) => [
          messageOf(error),
        ]);
  for (const line of lines) console.log(`${n8n.name.padEnd(11)} ${line}`);
}

/** To a stack that was brought up once; one that never was has no login yet. */
async function printWays(): Promise<void> {
  const stack = await loadStack().catch(() => undefined);
  if (stack !== undefined) console.log(`\nn8n         ${loginTo(stack)}\nApprovals   ${APPROVALS_URL}`);
}
