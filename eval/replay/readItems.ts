import { z } from 'zod/v4';

import { alertSchema } from '../../core/incident/alert.js';
import { contextSchema } from '../../core/incident/context.js';
import { decisionSchema } from '../../core/incident/decision.js';
import type { Before, Replayed } from './replayed.js';

const itemSchema = z.looseObject({ alert: alertSchema });

/**
 * The alerts of n8n's executions, however they were exported: the API's answer, the editor's, or a node's items. Of an
 * alert's items, the first with a decision counts: later ones repeat it, or what a person made of it.
 */
export function readItems(value: unknown): Replayed[] {
  const found = new Map<string, Replayed>();
  for (const item of itemsIn(value)) {
    const { data } = itemSchema.safeParse(item);
    if (data === undefined) continue;
    const { alert } = data;
    // Each pass of an incident through the workflow has an event, and a decision, of its own.
    const key = `${alert.id}/${alert.incident?.pass ?? ''}`;
    if (found.get(key)?.before != null) continue;
    const context = contextSchema.safeParse(item.context).data ?? null;
    found.set(key, { alert, context, before: beforeIn(item.decision) });
  }
  return [...found.values()];
}

/** All objects with an alert, in the order in which they are written: n8n writes nodes in the order in which they ran. */
function* itemsIn(value: unknown): Generator<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return;
  if ('alert' in value) return void (yield value as Record<string, unknown>);
  for (const inner of Object.values(value)) yield* itemsIn(inner);
}

function beforeIn(value: unknown): Before | null {
  const { data } = decisionSchema.safeParse(value);
  if (data === undefined) return null;
  const { decision, approval, exception, run } = data;
  if (approval?.chosen != null) return { decision, by: 'person' };
  return { decision, by: exception === undefined ? run.by : 'exception' };
}
