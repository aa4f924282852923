import { rm } from 'node:fs/promises';
import { z } from 'zod/v4';
import { Refusal } from './errors.js';
import { readIfThere, writePrivate } from './files.js';
import { statePath } from './paths.js';
import { processes } from './process/supervisor.js';

const FILE = statePath('profile.json');

/** How n8n runs: in one process with SQLite, or in queue mode with Redis and PostgreSQL. */
const profile = z.discriminatedUnion('name', [
  z.object({ name: z.literal('single') }),
  z.object({ name: z.literal('scaled'), webhooks: z.number(), workers: z.number() }),
]);

export type Profile = z.infer<typeof profile>;

const SINGLE: Profile = { name: 'single' };

/** Two of each, so that one of them may stop. */
const SCALED = { name: 'scaled', webhooks: 2, workers: 2 } as const satisfies Profile;

/** What a start asks for. */
export interface Wanted {
  scaled?: boolean | undefined;
  /** How many workers; only with `scaled`. */
  workers?: number | undefined;
}

/** The profile of the stack that is there. */
export async function currentProfile(): Promise<Profile> {
  return (await recorded()) ?? SINGLE;
}

/**
 * The profile to start: the one of the stack that is there, until it is stopped.
 * @throws Refusal if another one is asked for while n8n runs: each has its own database, so that executions would stay behind
 */
export async function chooseProfile({ scaled = false, workers }: Wanted): Promise<Profile> {
  const known = await recorded();
  if (!scaled) return known ?? SINGLE;
  const runs = (await processes()).some(({ name, status }) => name === 'n8n' && status === 'online');
  if (runs && known?.name !== 'scaled')
    throw new Refusal(
      'The stack runs with one n8n process.',
      'Stop it first: ./deploy.sh --local --down. Executions and workflows of your own stay in its database.',
    );
  const before = known?.name === 'scaled' ? known : SCALED;
  return { ...before, ...(workers === undefined ? {} : { workers }) };
}

export const saveProfile = (chosen: Profile): Promise<void> => writePrivate(FILE, JSON.stringify(chosen));

/** Lets the next start choose again. */
export const forgetProfile = (): Promise<void> => rm(FILE, { force: true });

async function recorded(): Promise<Profile | undefined> {
  const text = await readIfThere(FILE);
  return text === undefined ? undefined : profile.parse(JSON.parse(text));
}
