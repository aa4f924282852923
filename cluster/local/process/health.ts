import { readFile } from 'node:fs/promises';
import { Agent, fetch } from 'undici';
import { CA_CERTIFICATE } from '../kubernetes/certificates.js';
import type { Component } from './component.js';
import { StackError } from '../errors.js';
import { readIfThere } from '../files.js';
import { logOf } from '../paths.js';
import { processes } from './supervisor.js';
import { until } from './wait.js';

const ANSWER_MILLISECONDS = 2_000;
const LOG_LINES = 15;

/** Reads a component's health endpoint once. Throws the connection's error if there is no response. */
export async function isHealthy({ health, ask }: Component): Promise<boolean> {
  if (ask !== undefined) return ask();
  const connect = health.startsWith('https:') ? { ca: await readFile(CA_CERTIFICATE) } : {};
  const dispatcher = new Agent({ connect });
  try {
    const { ok, body } = await fetch(health, { dispatcher, signal: AbortSignal.timeout(ANSWER_MILLISECONDS) });
    await body?.cancel();
    return ok;
  } finally {
    await dispatcher.close();
  }
}

/** Waits until a component that was just started is ready. A component that stopped is reported at once, with its log. */
export async function healthy(component: Component, limitSeconds: number): Promise<void> {
  const { name } = component;
  const remedy = `The whole log is ${logOf(name)}. Run the same command again once the cause is gone.`;
  let asked = 0;
  const ask = async (): Promise<true | undefined> => {
    if (++asked % 20 === 0 && (await hasFallen(name))) {
      throw new StackError(`${name} does not stay up.\n${await endOfLog(name)}`, remedy);
    }
    return (await isHealthy(component)) || undefined;
  };
  try {
    await until(`${name} ready at ${component.health}`, limitSeconds, ask, remedy);
  } catch (error) {
    if (!(error instanceof StackError) || error.message.includes('\n')) throw error;
    throw new StackError(`${error.message}\n${await endOfLog(name)}`, remedy);
  }
}

async function hasFallen(name: string): Promise<boolean> {
  const process = (await processes()).find((candidate) => candidate.name === name);
  return process === undefined || process.status === 'errored' || process.status === 'stopped';
}

async function endOfLog(name: string): Promise<string> {
  const log = (await readIfThere(logOf(name))) ?? '';
  const lines = log.trimEnd().split('\n').slice(-LOG_LINES);
  return `The last lines of its log:\n  ${lines.join('\n  ')}`;
}
