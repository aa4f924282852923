/** Keeps and sends lines in a process of its own, which may kill itself. What to send comes by standard input. */
import { text } from 'node:stream/consumers';

import { sayOfLines } from '../../../adapters/loki/push';
import { sqliteOutputs } from '../../../adapters/sqlite/outputs';
import { keepLines } from '../../../app/outputs/keepLines';
import type { LinesOutput } from '../../../app/outputs/linesOutput';
import { sendLines } from '../../../app/outputs/sendLines';
import type { LogLine } from '../../../core/telemetry/logLine';
import { endProcess, killedAt, type KillAt } from './killSelf';

export interface LineTask {
  file: string;
  url: string;
  lines: LogLine[];
  kill: KillAt | null;
  /** How far the clock is ahead, so that the turn of a process that was killed is over. */
  aheadMs: number;
}

async function main(): Promise<void> {
  const { file, url, lines, kill, aheadMs } = JSON.parse(await text(process.stdin)) as LineTask;
  const now = () => new Date(Date.now() + aheadMs);
  const store = sqliteOutputs(file, now);
  const access = { url, tenant: '', username: '', password: '' };
  for (const [index, line] of lines.entries()) {
    const to: LinesOutput = {
      instance: 'n8n',
      destination: 'loki',
      send: (sent) => killedAt(kill, index, () => sayOfLines(access, sent)),
    };
    await keepLines(store, to, [line], now());
    console.log(line.line);
    await sendLines(store, to, now);
  }
  endProcess(kill);
}

void main();
