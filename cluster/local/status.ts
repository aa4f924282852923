import { isHealthy } from './health.js';
import { componentsOf, makePlan } from './plan.js';
import { hasSimulators } from './simulators/component.js';
import { processes } from './supervisor.js';

/** Prints each component with its process and health. Returns whether all are well. */
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
  return rows.every(({ well }) => well);
}
