import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import { writePrivate } from '../../files.js';

/** The hosts that the simulators stand in for. */
export const HOSTS = ['api.pagerduty.com', 'events.pagerduty.com', 'api.pulumi.com'] as const;

export type Host = (typeof HOSTS)[number];

export interface EgressCertificate {
  /** PEM, for clients: n8n gets it by NODE_EXTRA_CA_CERTS. */
  authority: string;
  cert: string;
  key: string;
}

const VALID_MILLISECONDS = 10 * 365 * 24 * 3600 * 1000;

export const AUTHORITY_FILE = 'egress-ca.crt';
/** The key last: it is missing until all is there. */
const FILES = { authority: AUTHORITY_FILE, cert: 'egress.crt', key: 'egress.key' } as const;

/** A certificate for these hosts and nothing else, by an authority whose key is not kept. */
export async function makeCertificate(hosts: readonly string[] = HOSTS): Promise<EgressCertificate> {
  const notAfterDate = new Date(Date.now() + VALID_MILLISECONDS);
  const base = { algorithm: 'sha256', keyType: 'ec', notAfterDate } as const;
  const authority = await generate([{ name: 'commonName', value: 'simulators-ca' }], {
    ...base,
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'simulators' }], {
    ...base,
    ca: { key: authority.private, cert: authority.cert },
    extensions: [
      { name: 'extKeyUsage', serverAuth: true },
      { name: 'subjectAltName', altNames: hosts.map((value) => ({ type: 2, value }) as const) },
    ],
  });
  return { authority: lines(authority.cert), cert: lines(cert), key: lines(key) };
}

/** With its last line ended, so that a file of several authorities can be put together of it. */
const lines = (pem: string): string => `${pem.trimEnd()}\n`;

/** The folder's own, made once: n8n reads the authority when it starts, and must not be left with another one. */
export async function ensureCertificate(folder: string): Promise<EgressCertificate> {
  const path = (part: keyof EgressCertificate): string => join(folder, FILES[part]);
  if (!existsSync(path('key'))) {
    const made = await makeCertificate();
    for (const part of ['authority', 'cert', 'key'] as const) await writePrivate(path(part), made[part]);
    return made;
  }
  const [authority, cert, key] = await Promise.all(
    (['authority', 'cert', 'key'] as const).map((part) => readFile(path(part), 'utf8')),
  );
  return { authority: authority ?? '', cert: cert ?? '', key: key ?? '' };
}
