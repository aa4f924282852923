import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { loadYaml, type V1ConfigMap } from '@kubernetes/client-node';

import { n8nEnvironment } from '../../cluster/local/n8n/environment';
import { ROOT } from '../support/manifests';

/** What has to differ between a process on loopback and a pod. */
const OWN = new Set(['N8N_PORT', 'N8N_HOST', 'N8N_WEBHOOK_URL']);

const { data = {} } = loadYaml<V1ConfigMap>(readFileSync(join(ROOT, 'manifests/n8n/configuration.yaml'), 'utf8'));
const local = n8nEnvironment({ passwordHash: 'hash', encryptionKey: 'key' }, { PATH: '/bin' });

test("n8n in the cluster is set as the embedded stack's is", () => {
  const shared = Object.keys(data).filter((name) => name in local && !OWN.has(name));
  expect(shared.length).toBeGreaterThan(15);
  expect(shared.map((name) => [name, data[name]])).toEqual(shared.map((name) => [name, local[name]]));
});

test('what keeps n8n from calling home is the same in both', () => {
  const quiet = Object.keys(local).filter((name) => /_ENABLED$|_DISABLED|^NODE_ENV$/.test(name));
  expect(quiet.filter((name) => !(name in data))).toEqual([]);
});
