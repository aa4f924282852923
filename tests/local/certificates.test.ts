import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { KubeConfig } from '@kubernetes/client-node';

import { ensureCertificates } from '../../cluster/local/kubernetes/certificates';
import { serverComponents } from '../../cluster/local/components';
import { type ServerName, SERVERS } from '../../cluster/local/build/servers';

let folder: string;
const text = (name: string): string => readFileSync(join(folder, name), 'utf8');
const all = (): Record<string, string> => Object.fromEntries(readdirSync(folder).map((name) => [name, text(name)]));

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'certificates-'));
  await ensureCertificates(folder);
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

it.each(['apiserver', 'controller-manager', 'scheduler', 'kwok'])('%s serves as the loopback address', (name) => {
  const certificate = new X509Certificate(text(`${name}.crt`));
  expect(certificate.verify(new X509Certificate(text('ca.crt')).publicKey)).toBe(true);
  expect(certificate.checkIP('127.0.0.1')).toBe('127.0.0.1');
});

it.each(['etcd', 'apiserver-etcd'])("%s is known by etcd's own authority, and by the cluster's not", (name) => {
  const certificate = new X509Certificate(text(`${name}.crt`));
  expect(certificate.verify(new X509Certificate(text('etcd-ca.crt')).publicKey)).toBe(true);
  expect(certificate.verify(new X509Certificate(text('ca.crt')).publicKey)).toBe(false);
  expect(certificate.checkIP('127.0.0.1')).toBe('127.0.0.1');
  expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2']);
});

test('etcd lets nobody in without a certificate, on any of its doors that lead to data', () => {
  const paths = Object.fromEntries(Object.keys(SERVERS).map((name) => [name, name])) as Record<ServerName, string>;
  const { etcd, 'kube-apiserver': apiserver } = serverComponents(paths);
  for (const listener of ['', 'peer-']) expect(etcd.args).toContain(`--${listener}client-cert-auth=true`);
  const urls = etcd.args.filter((flag) => flag.includes('://') && !flag.startsWith('--listen-metrics-urls='));
  for (const flag of urls) expect(flag).toMatch(/=(local=)?https:/);
  expect(apiserver.args).toEqual(
    expect.arrayContaining([expect.stringMatching(/^--etcd-certfile=.*apiserver-etcd.crt$/)]),
  );
});

it.each([
  ['admin', 'CN=admin\nO=system:masters'],
  ['controller-manager', 'CN=system:kube-controller-manager'],
  ['scheduler', 'CN=system:kube-scheduler'],
])('the kubeconfig of %s is for %j', (name, subject) => {
  const config = new KubeConfig();
  config.loadFromString(text(`${name}.kubeconfig`));
  const certificate = new X509Certificate(Buffer.from(config.getCurrentUser()?.certData ?? '', 'base64'));
  expect(certificate.subject).toBe(subject);
  expect(certificate.verify(new X509Certificate(text('ca.crt')).publicKey)).toBe(true);
});

it("is for its owner's eyes", () => {
  for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).mode & 0o077).toBe(0);
});

it('is made once', async () => {
  const before = all();
  await ensureCertificates(folder);
  expect(all()).toEqual(before);
});

it.each(['scheduler.kubeconfig', 'admin.kubeconfig', 'kwok.key'])(
  'is made again without %s, except for the key of the tokens',
  async (missing) => {
    const { [missing]: _, ...before } = all();
    rmSync(join(folder, missing));
    await ensureCertificates(folder);
    for (const [name, old] of Object.entries(before)) {
      if (name === 'service-account.key') expect(text(name)).toBe(old);
      else expect(text(name)).not.toBe(old);
    }
    const authority = new X509Certificate(text('ca.crt'));
    expect(new X509Certificate(text('kwok.crt')).verify(authority.publicKey)).toBe(true);
  },
);
