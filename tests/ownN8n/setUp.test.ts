import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { StackError } from '../../cluster/local/errors';
import { readAccess } from '../../cluster/ownN8n/access';
import { prepare } from '../../cluster/ownN8n/prepare';
import { summary } from '../../cluster/ownN8n/summary';
import { testAccess } from '../../cluster/ownN8n/testAccess';
import { nodesToComplete } from '../../cluster/shared/n8n/chooseCredentials';
import { PIPELINE_WORKFLOWS, SHARED_WORKFLOWS, type Workflow } from '../../cluster/shared/n8n/workflow';
import { serve } from '../support/httpServer';
import { ROOT } from '../support/manifests';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'set-up-'));
});
afterEach(() => rm(folder, { recursive: true }));

const PEM = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
const MONITORING = { loki: 'http://127.0.0.1:3100', pushgateway: 'http://127.0.0.1:9091' };
const given = async (name: string, text: string): Promise<string> => {
  await writeFile(join(folder, name), text);
  return join(folder, name);
};
const json = async <T>(file: string): Promise<T> => JSON.parse(await readFile(file, 'utf8')) as T;

describe('the access of the set-up command', () => {
  test('is read from files, since a command line is seen by everybody', async () => {
    const [tokenFile, caFile] = [await given('token', 'of-the-responder\n'), await given('ca', PEM)];
    const access = await readAccess({ apiServer: 'https://api:6443', tokenFile, caFile, ...MONITORING });
    expect(access).toEqual({
      kubernetes: {
        authentication: 'token',
        server: 'https://api:6443',
        token: 'of-the-responder',
        caCertificate: PEM,
      },
      lokiUrl: MONITORING.loki,
      pushgatewayUrl: MONITORING.pushgateway,
    });
    const kubeconfig = await given('kubeconfig', 'apiVersion: v1');
    expect((await readAccess({ kubeconfig, ...MONITORING })).kubernetes).toEqual({
      authentication: 'kubeconfig',
      kubeconfig: 'apiVersion: v1',
    });
  });

  test.each([
    ['nothing', {}, /reaches the API server/],
    ['two ways', { inCluster: true, kubeconfig: 'k' }, /said twice how n8n reaches/],
    ['an option of another way', { inCluster: true, tokenFile: 't' }, /said twice/],
    ['no address', { tokenFile: __filename, ...MONITORING }, /--api-server is missing/],
    ['no token', { apiServer: 'https://api', ...MONITORING }, /--token-file is missing/],
    ['a file that is not there', { kubeconfig: '/not/there', ...MONITORING }, /--kubeconfig .* cannot be read/],
    ['no Loki', { inCluster: false, kubeconfig: __filename, pushgateway: 'http://p' }, /--loki is missing/],
    ['no scheme', { inCluster: true, loki: 'loki:3100' }, /--loki loki:3100 is no address/],
    ['no host', { inCluster: true, pushgateway: 'http://' }, /--pushgateway http:\/\/ is no address/],
    ['an empty token', { apiServer: 'https://api', tokenFile: '/dev/null', ...MONITORING }, /--token-file .* is empty/],
    [
      'no certificate',
      { apiServer: 'https://api', tokenFile: __filename, caFile: join(ROOT, 'package.json'), ...MONITORING },
      /--ca-file .* holds no certificate/,
    ],
    ['a password without a scheme', { inCluster: true, loki: 'me:secret@loki' }, /--loki has a user or a password/],
    ['a password of Loki', { inCluster: true, loki: 'http://me:secret@loki:3100' }, /--loki has a user or a password/],
    ['a user of Pushgateway', { inCluster: true, pushgateway: 'http://me@push' }, /--pushgateway has a user/],
    [
      'a password of the API server',
      { apiServer: 'https://:secret@api', tokenFile: __filename, ...MONITORING },
      /--api-server has a user or a password/,
    ],
  ])('is refused with %s, and no secret is repeated', async (_what, options, problem) => {
    await expect(readAccess(options)).rejects.toThrow(problem);
    await expect(readAccess(options)).rejects.not.toThrow('secret');
  });

  test.each([
    [{}, ['It is not said how n8n reaches the API server.', '--loki is missing.', '--pushgateway is missing.']],
    [
      { caFile: '/not/there', loki: 'loki' },
      [
        '--api-server is missing.',
        '--token-file is missing.',
        '--ca-file /not/there cannot',
        '--loki loki is no',
        '--push',
      ],
    ],
  ])('with %j names everything that is missing or wrong at once, and each remedy once', async (options, problems) => {
    const error: unknown = await readAccess(options).catch((reason: unknown) => reason);
    if (!(error instanceof StackError)) throw new Error('not a StackError', { cause: error });
    expect(error.message.split('\n')).toEqual(problems.map((problem) => expect.stringContaining(problem) as string));
    const remedies = error.remedy.split('\n');
    expect(remedies).toEqual([...new Set(remedies)]);
    expect(error.remedy).toContain('docs/install.md has an example');
  });

  test('needs no address in a cluster set up by our manifests', async () => {
    expect((await readAccess({ inCluster: true })).lokiUrl).toContain('loki.monitoring');
  });
});

test('the set-up command chooses a credential in every node that needs one, and names the nodes that are left', async () => {
  const prepared = await prepare(await readAccess({ inCluster: true }), folder);
  const workflows = await json<Workflow[]>(prepared.workflowsFile);
  const left = prepared.toComplete.map(({ workflow }) => workflow);
  for (const id of [...SHARED_WORKFLOWS, ...PIPELINE_WORKFLOWS]) {
    const workflow = workflows.find((one) => one.id === id);
    expect(nodesToComplete(workflow ?? { id, name: id, nodes: [] })).toEqual([]);
    expect(left).not.toContain(workflow?.name);
  }
  expect(left).toEqual([
    'Neo Task Report',
    'PagerDuty to Neo',
    'Incident Approval by Message',
    'Notify PagerDuty',
    'Incident Chat',
  ]);
  expect(prepared.published).toEqual([...SHARED_WORKFLOWS, ...PIPELINE_WORKFLOWS]);
});

test('the set-up command writes for its user alone, and keeps the secret that senders have already', async () => {
  const access = await readAccess({ inCluster: true });
  const { secretFile, credentialsFile } = await prepare(access, folder);
  const secret = (await readFile(secretFile, 'utf8')).trim();
  expect(secret.length).toBeGreaterThanOrEqual(16);
  await chmod(secretFile, 0o644);
  await prepare(access, folder);
  const credentials = await json<{ type: string; data: unknown }[]>(credentialsFile);
  expect(credentials).toContainEqual(expect.objectContaining({ type: 'securityAlertSecretApi', data: { secret } }));
  for (const file of [secretFile, credentialsFile]) expect((await stat(file)).mode & 0o077).toBe(0);
});

test('the set-up command tests each credential as the editor does', async () => {
  const loki = await serve((_request, response) => response.writeHead(401).end('no'));
  const kubernetes = { authentication: 'token', server: 'https://127.0.0.1:1', token: 'apiVersion: v1' };
  try {
    const results = await testAccess({ kubernetes, lokiUrl: loki.url, pushgatewayUrl: '127.0.0.1:9091' });
    expect(results.map(({ credential, isGood, message }) => [credential, isGood, message])).toEqual([
      ['Kubernetes Responder API', false, expect.stringMatching(/is a whole kubeconfig, not a token/)],
      ['Loki API', false, expect.stringMatching(/401/)],
      ['Pushgateway API', false, expect.stringMatching(/does not begin with http/)],
    ]);
  } finally {
    await loki.close();
  }
});

test('the set-up command refuses a kept secret that the trigger would refuse, and a folder that is none', async () => {
  const access = await readAccess({ inCluster: true });
  await given('falcosidekick-secret', '\n');
  await expect(prepare(access, folder)).rejects.toThrow(/has no usable secret: The secret is empty/);
  await expect(prepare(access, await given('a-file', ''))).rejects.toThrow(/--out .* cannot be used/);
});

test('the set-up command prints commands that can be pasted, whatever the name of the folder', async () => {
  const odd = join(folder, "it's; echo here");
  const text = summary(await prepare(await readAccess({ inCluster: true }), odd));
  expect(text).toContain(`--input='${folder}/it'\\''s; echo here/credentials.json'`);
  expect(text).toContain('Incident Tools before Incident Chat');
});
