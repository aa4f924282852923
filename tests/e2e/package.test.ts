/** The package in an n8n of its own, which installs it itself; no part of the embedded stack runs. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { installProject, projectFolder } from '../../cluster/local/build/npmProject';
import { packNodes } from '../../cluster/local/n8n/nodePackage';
import { readAccess } from '../../cluster/ownN8n/access';
import { prepare } from '../../cluster/ownN8n/prepare';
import { inspect, workflowFiles } from '../package/inspect';
import { migrationReport } from '../package/migrationReport';
import { PlainN8n } from '../package/plainN8n';
import { pinned } from '../package/pinned';
import { publish, type Registry } from '../package/registry';
import { CREDENTIALS, NODES } from '../support/ours';
import { FIRST_START_MS } from './support/stack';

let folder: string;
let registry: Registry;
let n8n: PlainN8n;

beforeAll(async () => {
  await installProject('n8n');
  folder = await mkdtemp(join(tmpdir(), 'package-'));
  registry = await publish(await packNodes());
}, FIRST_START_MS);
afterAll(async () => {
  await registry.close();
  await rm(folder, { recursive: true });
});

const plain = async (checksum: string): Promise<PlainN8n> =>
  (n8n = new PlainN8n(await projectFolder('n8n'), folder, await pinned(registry, folder, checksum)));
afterEach(() => n8n.stop());

test(
  'n8n refuses the package if its checksum is not the pinned one',
  async () => {
    await (await plain('sha512-of-another-tarball')).start();
    expect(await n8n.log()).toContain(`Failed to install community package '${registry.name}@${registry.version}'`);
  },
  FIRST_START_MS,
);

test(
  'n8n installs the pinned package, with unverified packages off, and knows every node, credential and workflow',
  async () => {
    await (await plain(registry.checksum)).start();
    const found = await inspect(n8n, registry.name);
    expect(found.nodes.toSorted()).toEqual(
      NODES.map(({ description }) => `${registry.name}.${description.name}`).sort(),
    );
    expect(found.credentials).toEqual(expect.arrayContaining(CREDENTIALS.map(({ name }) => name)));
    expect(found.workflows).toEqual((await workflowFiles()).map(({ id }) => id).sort());
    expect(found.unknown).toEqual([]);
    // Newer than what the oldest n8n has that docs/install.md names.
    expect(found.outdated).toEqual(['n8n-nodes-base.executeWorkflow 1.3', '@n8n/n8n-nodes-langchain.chatTrigger 1.4']);
    // docs/n8n-3.md
    expect(await migrationReport(n8n)).toEqual([]);
  },
  FIRST_START_MS,
);

test(
  'n8n publishes every workflow that the set-up command prepared',
  async () => {
    await (await plain(registry.checksum)).start();
    const prepared = await prepare(await readAccess({ inCluster: true }), join(folder, 'set-up'));
    await n8n.command('import:credentials', `--input=${prepared.credentialsFile}`);
    await n8n.command('import:workflow', `--input=${prepared.workflowsFile}`);
    for (const id of prepared.published) expect([id, await n8n.publish(id)]).toEqual([id, true]);
  },
  FIRST_START_MS,
);
