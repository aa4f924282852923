import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { currentText } from '../../adapters/kubernetes/api/authentication';
import { accessFromKubeconfig } from '../../adapters/kubernetes/api/kubeconfig';
import { readAccess } from '../../nodes/shared/kubernetesCredential';

describe('a projected token', () => {
  const folder = mkdtempSync(join(tmpdir(), 'token-'));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  test('is read from its file each time, since Kubernetes renews it', async () => {
    const file = join(folder, 'token');
    writeFileSync(file, 'first\n');
    expect(await currentText({ file })).toBe('first');
    writeFileSync(file, 'second');
    expect(await currentText({ file })).toBe('second');
  });

  test('that is not mounted is named, with what to do', async () => {
    await expect(currentText({ file: join(folder, 'absent') })).rejects.toMatchObject({
      code: 'misconfigured',
      message: expect.stringContaining('absent') as string,
      nextStep: expect.stringContaining('projected token') as string,
    });
  });

  test('and its CA are where Kubernetes puts them', async () => {
    const access = await readAccess({ authentication: 'serviceAccount', server: 'https://kubernetes.default.svc' });
    expect(access).toEqual({
      server: 'https://kubernetes.default.svc',
      certificate: { file: '/var/run/secrets/kubernetes.io/serviceaccount/ca.crt' },
      token: { file: '/var/run/secrets/kubernetes.io/serviceaccount/token' },
    });
  });
});

describe('a kubeconfig', () => {
  const kubeconfig = (cluster: object, user: object = { token: 't' }, server = 'https://10.0.0.1:6443') =>
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'here',
      contexts: [{ name: 'here', context: { cluster: 'c', user: 'u' } }],
      clusters: [{ name: 'c', cluster: { server, ...cluster } }],
      users: [{ name: 'u', user }],
    });
  const ca = Buffer.from('PEM').toString('base64');

  test('gives server, authority and token of its current context', async () => {
    expect(await accessFromKubeconfig(kubeconfig({ 'certificate-authority-data': ca }))).toEqual({
      server: 'https://10.0.0.1:6443',
      certificate: { text: 'PEM' },
      token: { text: 't' },
    });
  });

  test.each([
    ['that skips certificate checks', kubeconfig({ 'insecure-skip-tls-verify': true }), 'switches the check'],
    ['with a certificate instead of a token', kubeconfig({}, { 'client-certificate-data': ca }), 'holds no token'],
    ['over plain http', kubeconfig({}, { token: 't' }, 'http://10.0.0.1'), 'no https server'],
    ['that is no kubeconfig', '{', 'cannot be read'],
    ['without a context', '{"apiVersion":"v1","kind":"Config"}', 'no current context'],
  ])('%s is refused', async (_what, text, problem) => {
    await expect(accessFromKubeconfig(text)).rejects.toMatchObject({
      code: 'misconfigured',
      message: expect.stringContaining(problem) as string,
    });
  });
});
