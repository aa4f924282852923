import { appendFileSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { z } from 'zod/v4';
import { LOGS, logOf, statePath } from '../paths.js';
import { secretsIn, withoutSecrets } from './withoutSecrets.js';

/** What deploy.sh did, in the order in which it happened; nothing in it is a secret, so that it can be sent to somebody who helps. */
export const RUN_LOG = logOf('deploy');
const LIMIT_BYTES = 1_000_000;

const object = z.record(z.string(), z.unknown());

/** Adds lines to the log; when it has become too long, nothing more. An error in writing it does not end the run. */
export function record(text: string, now = new Date()): void {
  try {
    mkdirSync(LOGS, { recursive: true, mode: 0o700 });
    if ((statSync(RUN_LOG, { throwIfNoEntry: false })?.size ?? 0) > LIMIT_BYTES) return;
    const line = withoutSecrets(text, [...secretsIn(process.env), ...kept()]);
    appendFileSync(RUN_LOG, `${now.toISOString()}  ${line.replaceAll('\n', '\n    ')}\n`, { mode: 0o600 });
  } catch {
    // A full disk is reported by the step that fills it.
  }
}

/** Prints a line, and adds it to the log. */
export function printAndRecord(text: string): void {
  console.log(text);
  record(text.trim());
}

/** The secrets that the stack has made, read each time: they are made during the first run. */
const kept = (): string[] => [
  ...Object.values(objectIn('secrets.json')).filter((value) => typeof value === 'string'),
  ...[objectIn('token.json').value].filter((value) => typeof value === 'string'),
];

function objectIn(file: string): Record<string, unknown> {
  try {
    return object.parse(JSON.parse(readFileSync(statePath(file), 'utf8')));
  } catch {
    return {};
  }
}
