import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

import { obtain, serverPaths } from '../../../cluster/local/build/obtain';
import { serversOnPath } from '../../../cluster/local/build/servers';
import { until } from '../../../cluster/local/process/wait';

export interface RunningPushgateway {
  url: string;
  /** What it shows to Prometheus, as lines. */
  lines: () => Promise<string[]>;
  /** Ends it, with all that it holds. */
  stop: () => Promise<void>;
}

/** A real Pushgateway of its own, which keeps nothing when it ends. */
export async function startPushgateway(port: number): Promise<RunningPushgateway> {
  const onPath = await serversOnPath();
  if (onPath.pushgateway === undefined) await obtain('pushgateway');
  const { pushgateway } = await serverPaths(onPath);
  const url = `http://127.0.0.1:${port}`;
  const child: ChildProcess = spawn(pushgateway, [`--web.listen-address=127.0.0.1:${port}`], { stdio: 'ignore' });
  await until('A Pushgateway', 30, async () => ((await fetch(`${url}/-/ready`)).ok ? true : undefined));
  return {
    url,
    lines: async () => (await (await fetch(`${url}/metrics`)).text()).split('\n'),
    stop: async () => {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** The sum of a metric over all its series. */
export function sumOf(lines: readonly string[], metric: string): number {
  return lines
    .filter((line) => line.startsWith(`${metric} `) || line.startsWith(`${metric}{`))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}
