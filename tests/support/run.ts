import { spawn } from 'node:child_process';

import { ROOT } from './manifests';

export interface Ran {
  code: number;
  /** Both streams, as they came. */
  output: string;
  seconds: number;
}

/** Runs a program to its end, however that is. */
export function run(command: string, arguments_: string[], env: NodeJS.ProcessEnv = process.env): Promise<Ran> {
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(command, arguments_, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const collect = (chunk: Buffer) => (output += chunk.toString());
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.on('error', reject);
    child.on('close', (code) => {
      resolve({ code: code ?? -1, output, seconds: (performance.now() - started) / 1000 });
    });
  });
}

/** Runs a program that has to succeed; returns what it said. */
export async function succeed(command: string, ...arguments_: string[]): Promise<string> {
  const { code, output } = await run(command, arguments_);
  if (code !== 0) throw new Error(`${command} ${arguments_.join(' ')} ended with ${code}:\n${output}`);
  return output;
}
