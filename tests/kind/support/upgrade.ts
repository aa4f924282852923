import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Stack } from '../../../cluster/local/stack';
import { KUBECONFIG } from './deploy';
import { succeed } from '../../support/run';

const NODE = '/opt/incident-pipeline/dist/nodes/RaceAgent/RaceAgent.node.js';

/** What the RACE node says below its name: of this version, and of the one that the test takes for the next. */
export const [SUBTITLE, NEXT_SUBTITLE] = ['decide the response', 'decide the response, upgraded'];

const kubectl = (...arguments_: string[]) => succeed('kubectl', '--kubeconfig', KUBECONFIG, '-n', 'n8n', ...arguments_);

/** What n8n says of its node types, which is what the editor shows. */
export async function subtitle({ urls, login }: Stack): Promise<string | undefined> {
  const headers = { 'content-type': 'application/json', 'browser-id': 'e2e' };
  const body = JSON.stringify({ emailOrLdapLoginId: login.email, password: login.password });
  const signedIn = await fetch(`${urls.n8n}/rest/login`, { method: 'POST', headers, body });
  if (!signedIn.ok) throw new Error(`n8n refuses its owner's login: ${signedIn.status}`);
  const cookie = signedIn.headers.getSetCookie().map((line) => line.split(';')[0]);
  const types = await fetch(`${urls.n8n}/types/nodes.json`, { headers: { ...headers, cookie: cookie.join('; ') } });
  const known = (await types.json()) as { name: string; subtitle?: string }[];
  return known.find(({ name }) => name === 'n8n-nodes-incident-pipeline.raceAgent')?.subtitle;
}

/** Lets n8n run the image that the next version of the package would make, on the volume that is there. */
export async function upgrade(): Promise<void> {
  const image = await kubectl('get', 'deployment', 'n8n', '-o', 'jsonpath={.spec.template.spec.containers[0].image}');
  const next = await imageAfter(image);
  await succeed('kind', 'load', 'docker-image', next, '--name', 'incident-pipeline');
  await kubectl('set', 'image', 'deployment/n8n', `n8n=${next}`);
  await kubectl('rollout', 'status', 'deployment/n8n', '--timeout=300s');
}

async function imageAfter(image: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'image-'));
  try {
    const source = await succeed('docker', 'run', '--rm', '--entrypoint', 'cat', image, NODE);
    await writeFile(join(folder, 'RaceAgent.node.js'), source.replace(SUBTITLE, NEXT_SUBTITLE));
    await writeFile(join(folder, 'Dockerfile'), `FROM ${image}\nCOPY RaceAgent.node.js ${NODE}\n`);
    const next = `${image}-next`;
    await succeed('docker', 'build', '--quiet', '--tag', next, folder);
    return next;
  } finally {
    await rm(folder, { recursive: true });
  }
}
