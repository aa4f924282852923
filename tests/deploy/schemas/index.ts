import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeOwnSchemas } from './customResources.js';
import { TEMPLATE } from './kind.js';
import { writeKubernetesSchemas } from './kubernetes.js';

/** Hands over where kubeconform finds a schema for every kind of Kubernetes' and of ours. */
export async function withSchemas<Result>(use: (location: string) => Promise<Result>): Promise<Result> {
  // Made again each time: it takes less than a second, and a stale one would be believed.
  const folder = await mkdtemp(join(tmpdir(), 'schemas-'));
  try {
    await Promise.all([writeKubernetesSchemas(folder), writeOwnSchemas(folder)]);
    return await use(join(folder, TEMPLATE));
  } finally {
    await rm(folder, { recursive: true });
  }
}
