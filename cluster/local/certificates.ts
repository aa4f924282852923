import { generateKeyPairSync } from 'node:crypto';
import { existsSync } from 'node:fs';
import { KubeConfig } from '@kubernetes/client-node';
import { generate } from 'selfsigned';
import { writePrivate } from './files.js';
import { KUBECONFIG, statePath } from './paths.js';
import { HOST, URLS } from './ports.js';

const VALID_MILLISECONDS = 10 * 365 * 24 * 3600 * 1000;

export const CA_CERTIFICATE = statePath('kubernetes', 'ca.crt');

/**
 * Makes the cluster's certificate authority, the API server's certificate, the key that signs ServiceAccount tokens
 * and an administrator's kubeconfig, once per state folder. The kubeconfig comes last: where it is, all is.
 */
export async function ensureCertificates(): Promise<void> {
  if (existsSync(KUBECONFIG)) return;
  const base = { algorithm: 'sha256', keyType: 'ec', notAfterDate: new Date(Date.now() + VALID_MILLISECONDS) } as const;
  const authority = await generate([{ name: 'commonName', value: 'local-ca' }], {
    ...base,
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  // The authority's key is not kept: nothing more is to be signed with it.
  const signed = { ...base, ca: { key: authority.private, cert: authority.cert } };
  const server = await generate([{ name: 'commonName', value: 'kube-apiserver' }], {
    ...signed,
    extensions: [
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 7, ip: HOST },
          { type: 2, value: 'localhost' },
          { type: 2, value: 'kubernetes.default.svc' },
        ],
      },
    ],
  });
  const administrator = await generate(
    [
      { name: 'commonName', value: 'admin' },
      { name: 'organizationName', value: 'system:masters' }, // the group that RBAC lets do everything
    ],
    { ...signed, extensions: [{ name: 'extKeyUsage', clientAuth: true }] },
  );
  const serviceAccount = generateKeyPairSync('ec', { namedCurve: 'P-256' });

  await writePrivate(CA_CERTIFICATE, authority.cert);
  await writePrivate(statePath('kubernetes', 'apiserver.crt'), server.cert);
  await writePrivate(statePath('kubernetes', 'apiserver.key'), server.private);
  await writePrivate(
    statePath('kubernetes', 'service-account.key'),
    // The API server reads EC keys in this form only.
    serviceAccount.privateKey.export({ type: 'sec1', format: 'pem' }).toString(),
  );
  await writePrivate(KUBECONFIG, kubeconfig(authority.cert, administrator.cert, administrator.private));
}

function kubeconfig(authority: string, certificate: string, key: string): string {
  const base64 = (text: string): string => Buffer.from(text).toString('base64');
  const config = new KubeConfig();
  config.loadFromClusterAndUser(
    { name: 'local', server: URLS.kubernetes, caData: base64(authority), skipTLSVerify: false },
    { name: 'admin', certData: base64(certificate), keyData: base64(key) },
  );
  return config.exportConfig();
}
