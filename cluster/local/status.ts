import { isHealthy } from './process/health.js';
import { APPROVALS_URL } from './n8n/n8n.js';
import { componentsOf, makePlan } from './plan.js';
import { hasSimulators } from './simulators/component.js';
import { loadStack } from './stack.js';
import { loginTo } from './summary.js';
import { processes } from './process/supervisor.js';

/** Prints each component with its process and health, and where a person signs in. Returns whether all are well. */
export async function printStatus(): Promise<boolean> {
  const plan = await makePlan(hasSimulators());
  const known = new Map((await processes()).map((process) => [process.name, process]));
  const rows = await Promise.all(
    componentsOf(plan).map(async (component) => {
      const process = known.get(component.name);
      const running = process?.status === 'online';
      const well = running && (await isHealthy(component).catch(() => false));
      return {
        well,
        cells: [
          component.name,
          well ? 'healthy' : running ? 'not healthy' : (process?.status ?? 'not running'),
          running ? `pid ${process.pid}` : '',
          running ? `${Math.round(process.memoryBytes / 2 ** 20)} MiB` : '',
          new URL(component.health).origin,
        ],
      };
    }),
  );
  for (const {
    cells: [name = '', state = '', pid = '', memory = '', url = ''],
  } of rows) {
    console.log(`${name.padEnd(23)} ${state.padEnd(12)} ${pid.padEnd(12)} ${memory.padStart(9)}  ${url}`);
  }
  if (rows.some(({ well }) => well)) await printWays();
  return rows.every(({ well }) => well);
}

/** To a stack that was brought up once; one that never was has no login yet. */
async function printWays(): Promise<void> {
  const stack = await loadStack().catch(() => undefined);
  if (stack !== undefined) console.log(`\nn8n         ${loginTo(stack)}\nApprovals   ${APPROVALS_URL}`);
}
