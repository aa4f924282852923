import type { Component } from './component.js';
import { healthy } from './health.js';
import { start } from './supervisor.js';

const READY_SECONDS = 90;

/** Starts a component, unless it runs, and waits until it is healthy. Returns whether it was started. */
export async function startAndWait(component: Component): Promise<boolean> {
  const started = await start(component);
  await healthy(component, READY_SECONDS);
  return started;
}
