import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import { obtain, serverPaths } from '../../../cluster/local/build/obtain';
import { serversOnPath } from '../../../cluster/local/build/servers';
import { until } from '../../../cluster/local/process/wait';
import { freePort } from '../../support/freePort';
import { ROOT } from '../../support/manifests';

export interface RunningLoki {
  url: string;
  /** All lines of the pipeline's streams, as Loki orders them. */
  lines: () => Promise<LokiLine[]>;
  /** Ends it as a crash does. */
  kill: () => Promise<void>;
}

export interface LokiLine {
  time: string;
  line: string;
  labels: Record<string, string>;
}

/** A real Loki of its own with the embedded stack's configuration, and these flags. */
export async function startLoki(port: number, folder: string, flags: readonly string[] = []): Promise<RunningLoki> {
  const onPath = await serversOnPath();
  if (onPath.loki === undefined) await obtain('loki');
  const { loki } = await serverPaths(onPath);
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(
    loki,
    [
      `-config.file=${join(ROOT, 'cluster/local/config/loki.yaml')}`,
      '-config.expand-env=true',
      '-server.http-listen-address=127.0.0.1',
      `-server.http-listen-port=${port}`,
      '-server.grpc-listen-address=127.0.0.1',
      `-server.grpc-listen-port=${await freePort()}`,
      '-log.level=error',
      ...flags,
    ],
    { env: { ...process.env, LOKI_DATA: folder }, stdio: 'ignore' },
  );
  await until('A Loki', 60, async () => ((await fetch(`${url}/ready`)).ok ? true : undefined));
  return {
    url,
    lines: async () => {
      const parameters = new URLSearchParams({
        query: '{job="incident-pipeline"}',
        start: `${Date.now() - 20 * 86_400_000}000000`,
        end: `${Date.now() + 900_000}000000`,
        limit: '5000',
        direction: 'forward',
      });
      const answer = await fetch(`${url}/loki/api/v1/query_range?${parameters.toString()}`);
      const { data } = (await answer.json()) as {
        data: { result: { stream: Record<string, string>; values: [string, string][] }[] };
      };
      return data.result
        .flatMap(({ stream, values }) => values.map(([time, line]) => ({ time, line, labels: stream })))
        .sort((one, other) => (one.time < other.time ? -1 : 1));
    },
    kill: async () => {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}
