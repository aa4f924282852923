import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

import { firstToGiveWay, LARGEST_SERVER, mixed, needsAt } from '../../bench/scale/capacity';
import { readOptions } from '../../bench/scale/options';
import { processorSeconds, readStat } from '../../bench/scale/processorTime';

describe('readOptions', () => {
  test('sorts the numbers of workers, each once', () => {
    expect(readOptions(['--workers', '4,1,4', '--model-seconds', '0.5']).workers).toEqual([1, 4]);
  });

  test.each([
    ['--workers', '0'],
    ['--workers', '1,'],
    ['--workers', '17'],
    ['--model-seconds', '-1'],
    ['--model-seconds', 'soon'],
    ['--alerts', '801'],
    ['--share', '0'],
    ['--containments', '0'],
    ['--idle-seconds', '61'],
  ])('refuses %s %s', (option, value) => {
    expect(() => readOptions([`${option}=${value}`])).toThrow(`${option} is a number from `);
  });
});

describe('readStat', () => {
  test('reads a program whose name has spaces and brackets', () => {
    const line = '12 (a) b (c) S 7 12 12 0 -1 4194560 100 200 0 0 150 50 30 20 20 0 1 0 100 1000 10';
    expect(readStat(line)).toEqual({ parent: 7, seconds: 2.5 });
  });
});

describe('processorSeconds', () => {
  const children: ChildProcess[] = [];
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
  });

  /** A process that runs a program until that says something, and waits then. */
  async function using(program: string): Promise<number> {
    const child = spawn(process.execPath, ['-e', program], { stdio: ['pipe', 'pipe', 'inherit'] });
    children.push(child);
    await once(child.stdout, 'data');
    return child.pid ?? NaN;
  }

  /** Until the process that started it is gone. */
  const WAIT = `process.stdin.resume().once('end', () => process.exit());`;
  const burn = (seconds: number): string =>
    `const used = () => { const { user, system } = process.cpuUsage(); return (user + system) / 1e6; };` +
    `while (used() < ${seconds}); console.log('done'); ${WAIT}`;

  test('is the time of a process and of its children, whether they run or ended', async () => {
    const child = (rest: string): string =>
      `const { spawn } = require('node:child_process'); const burner = spawn(process.execPath, ['-e', ${JSON.stringify(burn(0.6))}]);` +
      `burner.stdout.once('data', () => { ${rest} }); ${WAIT}`;
    const running = await using(child(`console.log('done')`));
    const over = await using(child(`burner.once('exit', () => console.log('done')); burner.kill();`));
    const used = await processorSeconds([running, over]);
    expect([...used.keys()]).toEqual([running, over]);
    // In hundredths of a second, rounded down for each of four numbers.
    expect(used.get(running)).toBeGreaterThan(0.55);
    expect(used.get(over)).toBeGreaterThan(0.55);
  });

  test('is zero for a process that ended', async () => {
    const pid = await using(burn(0));
    const [child] = children;
    child?.kill('SIGKILL');
    if (child !== undefined) await once(child, 'exit');
    expect(await processorSeconds([pid])).toEqual(new Map([[pid, 0]]));
  });
});

describe('needsAt', () => {
  const price = { gate: 0.001, 'n8n main': 0.0035, Redis: 0.0007, workers: 0.07, PostgreSQL: 0.02, etcd: 0.002 };
  const needs = needsAt(1000, price);
  const needOf = (part: string) => needs.find((need) => need.part === part);

  test('plans processes of one thread to be busy for a part of the time', () => {
    expect(needOf('workers')).toMatchObject({ processes: 100, fullAt: null });
    expect(needOf('workers')?.processors).toBeCloseTo(70);
    expect(needOf('gate')?.processes).toBe(2);
  });

  test('says when the only copy of a part is full', () => {
    expect(needOf('n8n main')?.fullAt).toBeCloseTo(200);
    expect(needOf('PostgreSQL')?.fullAt).toBeCloseTo((LARGEST_SERVER * 0.7) / 0.02);
    expect(firstToGiveWay(needs)?.part).toBe('n8n main');
  });

  test('has no limit for a part that costs nothing', () => {
    expect(needsAt(1000, {}).every(({ fullAt }) => fullAt === null)).toBe(true);
  });
});

test('mixed has the gate pay for repeats, and all parts for distinct alerts', () => {
  const mix = mixed({ gate: 0.002, workers: 0.1 }, 0.0005, 0.01);
  expect(mix.gate).toBeCloseTo(0.000515, 9);
  expect(mix.workers).toBeCloseTo(0.001, 9);
});
