import { X509Certificate } from 'node:crypto';
import { generate } from 'selfsigned';

const DAY_MS = 24 * 3600 * 1000;
const LIFETIME_MS = 365 * DAY_MS;

/** deploy.sh renews certificates this long before they expire. */
const RENEW_BEFORE_MS = 30 * DAY_MS;

/** Keys and certificates in PEM. The authority's key is not kept: what it signed is all that it ever signs. */
interface MutualTls {
  authority: string;
  server: { certificate: string; key: string };
  client: { certificate: string; key: string };
}

/** Whether a certificate is of use for long enough. */
export function isFresh(certificate: string | undefined, now: Date): boolean {
  if (certificate === undefined) return false;
  return Date.parse(new X509Certificate(certificate).validTo) - now.getTime() > RENEW_BEFORE_MS;
}

/** Makes what a server and its only client need to know each other. */
export async function makeMutualTls(serverName: string, clientName: string, now: Date): Promise<MutualTls> {
  const base = {
    keyType: 'ec',
    curve: 'P-256',
    notBeforeDate: now,
    notAfterDate: new Date(now.getTime() + LIFETIME_MS),
  } as const;
  const authority = await generate(named(`${serverName} authority`), {
    ...base,
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  const signed = { ...base, ca: { key: authority.private, cert: authority.cert } };
  const server = await generate(named(serverName), {
    ...signed,
    extensions: [
      { name: 'extKeyUsage', serverAuth: true },
      { name: 'subjectAltName', altNames: namesOf(serverName).map((value) => ({ type: 2, value }) as const) },
    ],
  });
  const client = await generate(named(clientName), {
    ...signed,
    extensions: [{ name: 'extKeyUsage', clientAuth: true }],
  });
  return {
    authority: authority.cert,
    server: { certificate: server.cert, key: server.private },
    client: { certificate: client.cert, key: client.private },
  };
}

const named = (value: string) => [{ name: 'commonName', value }];

/** `name.namespace` in the forms by which a Service is called inside a cluster. */
function namesOf(service: string): string[] {
  return [service, `${service}.svc`, `${service}.svc.cluster.local`];
}
