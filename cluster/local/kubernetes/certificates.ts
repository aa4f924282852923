import { generateKeyPairSync } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import { generate } from 'selfsigned';
import { writePrivate } from '../files.js';
import { kubernetesPath } from '../paths.js';
import { HOST, URLS } from '../process/ports.js';

const VALID_MILLISECONDS = 10 * 365 * 24 * 3600 * 1000;

/** The TLS servers on loopback: a certificate and a key each. */
const SERVERS = ['apiserver', 'controller-manager', 'scheduler', 'kwok'];

/** The API server's clients, by the names in its own roles: a kubeconfig each. */
const USERS = {
  'controller-manager': { commonName: 'system:kube-controller-manager' },
  scheduler: { commonName: 'system:kube-scheduler' },
  admin: { commonName: 'admin', organizationName: 'system:masters' }, // the group that RBAC lets do everything
};

const AUTHORITY = 'ca.crt';
/** etcd has its own authority: a certificate of the cluster's authority gives no access to its store. */
const ETCD_AUTHORITY = 'etcd-ca.crt';
/** etcd serves and calls itself by the first, the API server comes by the second. */
const ETCD_MEMBERS = ['etcd', 'apiserver-etcd'];
const SERVICE_ACCOUNT_KEY = 'service-account.key';
const LAST = 'admin.kubeconfig';

const FILES = [
  AUTHORITY,
  ETCD_AUTHORITY,
  SERVICE_ACCOUNT_KEY,
  ...[...SERVERS, ...ETCD_MEMBERS].flatMap((name) => [`${name}.crt`, `${name}.key`]),
  ...Object.keys(USERS).map((name) => `${name}.kubeconfig`),
];

export const CA_CERTIFICATE = kubernetesPath(AUTHORITY);

/**
 * Makes the cluster's certificate authority and etcd's, what they sign, and the key that signs ServiceAccount tokens, once per state
 * folder. Where a file is missing, as in a folder from before there were that many, all are made again, since the
 * authorities' keys are not kept. Only the tokens' key stays, so that tokens stay valid.
 * @returns whether they were made, so that what runs with older ones has to start again
 */
export async function ensureCertificates(folder = kubernetesPath()): Promise<boolean> {
  const isThere = (name: string): boolean => existsSync(join(folder, name));
  if (FILES.every(isThere)) return false;
  const made = await makeFiles();
  // It is missing until all others are there, so that a run that was cut short is known as such.
  await rm(join(folder, LAST), { force: true });
  for (const [name, text] of made) {
    if (name !== SERVICE_ACCOUNT_KEY || !isThere(name)) await writePrivate(join(folder, name), text);
  }
  return true;
}

/** The text of each file, in the order of writing. */
async function makeFiles(): Promise<Map<string, string>> {
  const base = { algorithm: 'sha256', keyType: 'ec', notAfterDate: new Date(Date.now() + VALID_MILLISECONDS) } as const;
  const newAuthority = (commonName: string) =>
    generate(attributes({ commonName }), {
      ...base,
      extensions: [
        { name: 'basicConstraints', cA: true, critical: true },
        { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
      ],
    });
  const [authority, etcdAuthority] = await Promise.all([newAuthority('local-ca'), newAuthority('etcd-ca')]);
  const signed = { ...base, ca: { key: authority.private, cert: authority.cert } };
  const files = new Map([
    [AUTHORITY, authority.cert],
    [ETCD_AUTHORITY, etcdAuthority.cert],
    [SERVICE_ACCOUNT_KEY, serviceAccountKey()],
  ]);
  for (const name of [...SERVERS, ...ETCD_MEMBERS]) {
    const isOfEtcd = ETCD_MEMBERS.includes(name);
    const domains = name === 'apiserver' ? ['localhost', 'kubernetes.default.svc'] : ['localhost'];
    const server = await generate(attributes({ commonName: name }), {
      ...(isOfEtcd ? { ...base, ca: { key: etcdAuthority.private, cert: etcdAuthority.cert } } : signed),
      extensions: [
        { name: 'extKeyUsage', serverAuth: true, clientAuth: isOfEtcd },
        {
          name: 'subjectAltName',
          altNames: [{ type: 7, ip: HOST }, ...domains.map((value) => ({ type: 2, value }) as const)],
        },
      ],
    });
    files.set(`${name}.crt`, server.cert).set(`${name}.key`, server.private);
  }
  for (const [name, subject] of Object.entries(USERS)) {
    const user = await generate(attributes(subject), {
      ...signed,
      extensions: [{ name: 'extKeyUsage', clientAuth: true }],
    });
    files.set(`${name}.kubeconfig`, kubeconfig(name, authority.cert, user.cert, user.private));
  }
  return files;
}

const attributes = (subject: Record<string, string>): { name: string; value: string }[] =>
  Object.entries(subject).map(([name, value]) => ({ name, value }));

function serviceAccountKey(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  // The API server reads EC keys in this form only.
  return privateKey.export({ type: 'sec1', format: 'pem' }).toString();
}

function kubeconfig(user: string, authority: string, certificate: string, key: string): string {
  const base64 = (text: string): string => Buffer.from(text).toString('base64');
  const config = new KubeConfig();
  config.loadFromClusterAndUser(
    { name: 'local', server: URLS.kubernetes, caData: base64(authority), skipTLSVerify: false },
    { name: user, certData: base64(certificate), keyData: base64(key) },
  );
  return config.exportConfig();
}
