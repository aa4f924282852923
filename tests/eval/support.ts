import { cp, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Outcome } from '../../eval/outcome';
import { CASES } from '../../eval/paths';

export const ATTACK = 'publish-job-copies-its-secrets-by-rsync';
export const BENIGN = 'cronjob-publishes-sitemaps-by-rsync';

export function outcome(change: Partial<Outcome> = {}): Outcome {
  return {
    case: 'a',
    repeat: 1,
    rule: 'A rule',
    kind: 'attack',
    split: 'tuning',
    difficulty: 'easy',
    proposed: 'escalate',
    decided: 'escalate',
    classification: 'needs_review',
    confidence: 0.5,
    reason: 'As scripted.',
    guardrails: [],
    right: true,
    unacceptable: false,
    proposedRight: true,
    proposedUnacceptable: false,
    classified: true,
    isolationRight: true,
    barredBy: [],
    answers: { owed: 0, valid: 0 },
    failures: [],
    requests: 0,
    remembered: 0,
    durationMs: 1,
    tokens: { input: 0, output: 0 },
    ...change,
  };
}

/** A folder with copies of two cases, to be changed. */
export async function twoCases(): Promise<string> {
  const folder = await temporaryFolder();
  for (const name of [ATTACK, BENIGN]) await cp(join(CASES, name), join(folder, name), { recursive: true });
  return folder;
}

export function temporaryFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'eval-'));
}

/** Changes a JSON file. */
export async function change(file: string, edit: (value: Record<string, unknown>) => unknown): Promise<void> {
  const value = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
  await writeFile(file, JSON.stringify(edit(value)));
}
