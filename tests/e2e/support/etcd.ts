import { readFileSync } from 'node:fs';

import { Agent, fetch } from 'undici';
import { z } from 'zod/v4';

import { kubernetesPath } from '../../../cluster/local/paths';
import { URLS } from '../../../cluster/local/process/ports';
import { RECORDS } from './recordsApi';

const DAY_MS = 24 * 3_600_000;

const range = z.object({ kvs: z.tuple([z.object({ value: z.string() })]) });
const stored = z.looseObject({
  metadata: z.looseObject({
    creationTimestamp: z.string(),
    managedFields: z.array(z.looseObject({ time: z.string() })).optional(),
  }),
});
type Stored = z.infer<typeof stored>;

/** etcd's API as JSON, with the API server's own certificate. */
async function etcd(path: string, body: object): Promise<unknown> {
  const dispatcher = new Agent({
    connect: {
      ca: readFileSync(kubernetesPath('etcd-ca.crt')),
      cert: readFileSync(kubernetesPath('apiserver-etcd.crt')),
      key: readFileSync(kubernetesPath('apiserver-etcd.key')),
    },
  });
  try {
    const response = await fetch(`${URLS.etcd}/v3/kv/${path}`, {
      method: 'POST',
      body: JSON.stringify(body),
      dispatcher,
    });
    if (!response.ok) throw new Error(`etcd ${path}: ${response.status} ${await response.text()}`);
    return await response.json();
  } finally {
    await dispatcher.close();
  }
}

/** Changes what the API server has stored of a record, which no client of its API can. */
export async function changeStored(plural: string, name: string, change: (stored: Stored) => Stored): Promise<void> {
  const key = Buffer.from(`/registry/${RECORDS.group}/${plural}/${RECORDS.namespace}/${name}`).toString('base64');
  const [{ value }] = range.parse(await etcd('range', { key })).kvs;
  const before = stored.parse(JSON.parse(Buffer.from(value, 'base64').toString('utf8')));
  const after = Buffer.from(JSON.stringify(change(before))).toString('base64');
  await etcd('put', { key, value: after });
}

/** Has a record stored as if it had been created, and changed last, so many days earlier than it was. */
export function age(plural: string, name: string, days: number): Promise<void> {
  const earlier = (time: string): string =>
    new Date(Date.parse(time) - days * DAY_MS).toISOString().replace(/\.\d+Z$/, 'Z');
  return changeStored(plural, name, ({ metadata, ...rest }) => ({
    ...rest,
    metadata: {
      ...metadata,
      creationTimestamp: earlier(metadata.creationTimestamp),
      ...(metadata.managedFields === undefined
        ? {}
        : { managedFields: metadata.managedFields.map((entry) => ({ ...entry, time: earlier(entry.time) })) }),
    },
  }));
}
