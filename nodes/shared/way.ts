import { setTimeout as rest } from 'node:timers/promises';

import type { INodeExecutionData } from 'n8n-workflow';

import { alertSchema } from '../../core/incident/alert';
import { oncePerObject } from '../../core/oncePerObject';
import { actsByPlaybook } from '../../core/policy/playbook';

export interface WayLimits {
  /** For how long the way is held for an alert that is to be acted on, milliseconds. */
  heldMs: number;
  /** How long one step of another alert waits at most, milliseconds: none is kept from its end. */
  patienceMs: number;
}

/**
 * The process, while an alert on which the playbook acts is on its way to its pod: the steps of other alerts begin when it
 * is through.
 */
export class Way {
  #heldUntil = -Infinity;

  constructor(private readonly limits: WayLimits) {}

  hold(): void {
    this.#heldUntil = performance.now() + this.limits.heldMs;
  }

  isHeld(): boolean {
    return performance.now() < this.#heldUntil;
  }

  /** Waits until the way is free, or for as long as a step waits at most. */
  async free(): Promise<void> {
    const patience = performance.now() + this.limits.patienceMs;
    for (;;) {
      const left = Math.min(this.#heldUntil, patience) - performance.now();
      if (left <= 0) return;
      await rest(left);
    }
  }
}

/** This process's. An alert needs a tenth of a second from the trigger to its pod, and more beside others. */
export const way = new Way({ heldMs: 250, patienceMs: 500 });

/**
 * What each step for items that came together begins with: it waits, unless an alert on which the playbook acts is among them.
 * That one would wait with the others, as the alert that opens a storm did with the storm's report.
 */
export function givingWay(items: readonly INodeExecutionData[]): () => Promise<void> {
  let isHolding: boolean | undefined;
  return async () => {
    if (way.isHeld() && !(isHolding ??= items.some(isOnItsWay))) await way.free();
  };
}

const actsOn = oncePerObject((alert: object) => {
  const { data } = alertSchema.safeParse(alert);
  return data !== undefined && actsByPlaybook(data);
});

function isOnItsWay({ json: { alert } }: INodeExecutionData): boolean {
  return typeof alert === 'object' && alert !== null && actsOn(alert);
}
