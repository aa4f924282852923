import { join } from 'node:path';

import { writePrivate } from '../../../cluster/local/files.js';
import { webhookRegistered } from '../../../cluster/local/n8n/n8n.js';
import { statePath } from '../../../cluster/local/paths.js';
import { componentsOf, n8nProcesses, type Plan } from '../../../cluster/local/plan.js';
import type { Component } from '../../../cluster/local/process/component.js';
import { healthy } from '../../../cluster/local/process/health.js';
import { start } from '../../../cluster/local/process/supervisor.js';
import type { Disturbance } from '../disturbance.js';

const PRELOAD = join(import.meta.dirname, 'preload.ts');
/** Longer than an alert takes from its webhook to its decision, so that some meet it on their whole way. */
const HOLD_MS = 15_000;
const READY_SECONDS = 120;

const fileOf = (process: string): string => statePath('clock', process);
const set = (process: string, offsetMs: number): Promise<void> => writePrivate(fileOf(process), String(offsetMs));

/** The wall clock of a process jumps by so much, and back at the end. */
export const jump = (offsetMs: number): Disturbance => ({
  begin: (process) => set(process, offsetMs),
  end: (process) => set(process, 0),
  holdMs: HOLD_MS,
});

/** All components, n8n's with clocks that can be set. */
export function withClocks(plan: Plan): Component[] {
  const ofN8n = new Set(n8nProcesses(plan).map(({ name }) => name));
  return componentsOf(plan).map((component) => (ofN8n.has(component.name) ? withClock(component) : component));
}

const withClock = (component: Component): Component => ({
  ...component,
  args: ['--import', PRELOAD, ...component.args],
  env: { ...component.env, CHAOS_CLOCK_FILE: fileOf(component.name) },
});

/** Starts n8n's processes again with clocks that can be set. */
export async function giveClocks(plan: Plan): Promise<void> {
  const [main, ...others] = n8nProcesses(plan).map(withClock);
  const startOne = async (component: Component): Promise<void> => {
    await set(component.name, 0);
    await start(component);
    await healthy(component, READY_SECONDS);
  };
  if (main !== undefined) await startOne(main);
  await Promise.all(others.map(startOne));
  await webhookRegistered();
}
