import { randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod/v4';
import { Refusal } from '../errors.js';
import { LOCAL } from '../paths.js';

declare global {
  // Node has it; TypeScript's library does not yet.
  interface JSON {
    rawJSON(text: string): object;
  }
}

const FOLDER = join(LOCAL, 'alerts');

const alertFile = z.looseObject({
  output: z.string(),
  output_fields: z.looseObject({ 'k8s.pod.name': z.string() }),
});

export type AlertFile = z.infer<typeof alertFile>;

/** What makes a recorded alert one of now. */
interface Occasion {
  uuid: string;
  epochNanoseconds: bigint;
  podUid: string;
}

export async function loadAlert(name: string): Promise<AlertFile> {
  const names = (await readdir(FOLDER))
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length));
  if (!names.includes(name))
    throw new Refusal(`There is no alert named ${name}.`, `Choose one of: ${names.join(', ')}`);
  return alertFile.parse(JSON.parse(await readFile(join(FOLDER, `${name}.json`), 'utf8')));
}

export const now = (podUid: string): Occasion => ({
  uuid: randomUUID(),
  epochNanoseconds: BigInt(Date.now()) * 1_000_000n,
  podUid,
});

/**
 * The body that Falcosidekick would post for a recorded alert if it happened on this occasion. Falco counts
 * nanoseconds, which is more than a JavaScript number holds: they are written digit by digit.
 */
export function freshAlert(alert: AlertFile, { uuid, epochNanoseconds, podUid }: Occasion): string {
  const time = rfc3339(epochNanoseconds);
  const clock = time.slice('2006-01-02T'.length, -1);
  return JSON.stringify({
    ...alert,
    uuid,
    time,
    output: alert.output.replace(/^\d\d:\d\d:\d\d\.\d{9}/, clock),
    output_fields: {
      ...alert.output_fields,
      'evt.time': JSON.rawJSON(String(epochNanoseconds)),
      'k8s.pod.uid': podUid,
    },
  });
}

function rfc3339(epochNanoseconds: bigint): string {
  const milliseconds = epochNanoseconds / 1_000_000n;
  const below = String(epochNanoseconds % 1_000_000n).padStart(6, '0');
  return new Date(Number(milliseconds)).toISOString().replace('Z', `${below}Z`);
}
