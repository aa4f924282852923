import { isHealthy } from './process/health.js';
import { APPROVALS_URL } from './n8n/n8n.js';
import { otherBuilds } from './n8n/installedBuild.js';
import { checkNodes, type NodeCheck } from './n8n/nodeCheck.js';
import { outputsReport } from './n8n/outputs.js';
import { componentsOf, makePlan, n8nProcesses } from './plan.js';
import type { Component } from './process/component.js';
import { currentProfile } from './profile.js';
import { hasSimulators } from './simulators/component.js';
import { loadStack } from './stack.js';
import { belowTable, named, type Row, statusTable } from './statusTable.js';
import { loginTo } from './summary.js';
import { type Process, processes } from './process/supervisor.js';

/**
 * Prints each component with its process and health, which of n8n's processes lack the nodes or have another version of them,
 * where a person signs in, and what waits to be sent: all on a screen of 80 columns and 24 lines.
 * @returns whether all are well
 */
export async function printStatus(): Promise<boolean> {
  const plan = await makePlan(await currentProfile(), hasSimulators());
  const known = new Map((await processes()).map((process) => [process.name, process]));
  const rows = await Promise.all(componentsOf(plan).map((component) => rowOf(component, known.get(component.name))));
  for (const line of statusTable(rows)) console.log(line);
  if (!rows.some(({ well }) => well)) return false;
  const checks = await checkNodes(plan.n8nProject, n8nProcesses(plan));
  const hasNodes = printNodes(checks) && printOtherBuilds(checks);
  // A stack that was never up has no login yet.
  const stack = await loadStack().catch(() => undefined);
  const login = stack && { login: loginTo(stack) };
  const outputs = await outputsReport(plan);
  for (const line of belowTable({ ...login, approvals: APPROVALS_URL, outputs })) console.log(line);
  return hasNodes && rows.every(({ well }) => well);
}

async function rowOf(component: Component, process: Process | undefined): Promise<Row> {
  const running = process?.status === 'online';
  const well = running && (await isHealthy(component).catch(() => false));
  return {
    name: component.name,
    well,
    state: well ? 'healthy' : running ? 'not healthy' : (process?.status ?? 'not running'),
    pid: running ? process.pid : undefined,
    memoryBytes: running ? process.memoryBytes : undefined,
    address: component.ask === undefined ? new URL(component.health).origin : component.health,
  };
}

/** Returns whether each process has the nodes. */
function printNodes(checks: NodeCheck[]): boolean {
  const lacking = checks.filter(({ problem }) => problem !== null);
  console.log(
    lacking.length === 0
      ? `\nNodes       loaded by ${named(
          checks.map(({ process }) => process),
          58,
        )}`
      : `\n${lacking.map(({ process, problem }) => `Nodes       missing in ${process}: ${problem ?? ''}`).join('\n')}\n` +
          '            Stop the stack and start it again: ./deploy.sh --local --down',
  );
  return lacking.length === 0;
}

/** Returns whether all processes have the main process's build. */
function printOtherBuilds(checks: NodeCheck[]): boolean {
  const others = otherBuilds(checks);
  for (const { process, build, main } of others)
    console.log(`Nodes       another version in ${process}: ${build}; ${checks[0]?.process ?? ''} has ${main}`);
  if (others.length > 0) console.log('            Stop the stack and start it again: ./deploy.sh --local --down');
  return others.length === 0;
}
