import type { Stack } from '../../cluster/local/stack.js';
import { BENCHMARK, perAlert, type Usage } from '../scale/parts.js';
import type { Floor } from './floor.js';
import { NAIVE_PATH } from './naiveWorkflow.js';

/** What alerts are posted to. */
export interface Peer {
  name: string;
  /** Where they are posted. */
  url: string;
  /** The part whose processor time is given by itself. */
  part: string;
}

/** The part of the program that only makes the calls; the process manager does not run it. */
export const FLOOR_PART = 'floor';
const N8N_PART = 'n8n main';

export const pipeline = ({ urls }: Stack, decidedBy: string): Peer => ({
  name: `pipeline, ${decidedBy}`,
  url: urls.webhook,
  part: N8N_PART,
});

export const naive = ({ urls }: Stack, model: string): Peer => ({
  name: `naive workflow, ${model}`,
  url: `${urls.n8n}/webhook/${NAIVE_PATH}`,
  part: N8N_PART,
});

export const floor = ({ url }: Floor): Peer => ({ name: 'bare program, the same calls', url, part: FLOOR_PART });

/** Processor time of an alert, without what the stack uses when there is none. */
export interface Price {
  /** Of the peer's process, in milliseconds. */
  own: number;
  /** Of the whole stack, without what plays sender and model, in milliseconds. */
  all: number;
  /** How many processors other work on the machine used meanwhile. */
  others: number;
}

export function priceOf({ part }: Peer, busy: Usage, idle: Usage, alerts: number): Price {
  const { [BENCHMARK]: _, ...parts } = perAlert(busy, idle, alerts);
  const others = (busy.machine - sum(busy.parts)) / busy.seconds;
  return { own: (parts[part] ?? 0) * 1000, all: sum(parts) * 1000, others };
}

const sum = (parts: Readonly<Record<string, number>>): number =>
  Object.values(parts).reduce((all, seconds) => all + seconds, 0);
