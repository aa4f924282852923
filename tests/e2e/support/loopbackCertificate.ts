import { generate } from 'selfsigned';

import { HOST } from '../../../cluster/local/process/ports';

export interface ServerCertificate {
  /** PEM of the authority that signed it, for clients. */
  authority: string;
  cert: string;
  key: string;
}

/** A certificate for the loopback address, good for a day, signed by an authority whose key is not kept. */
export async function loopbackCertificate(): Promise<ServerCertificate> {
  const base = { algorithm: 'sha256', keyType: 'ec' } as const;
  const authority = await generate([{ name: 'commonName', value: 'test-ca' }], {
    ...base,
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, critical: true },
    ],
  });
  const { cert, private: key } = await generate([{ name: 'commonName', value: HOST }], {
    ...base,
    ca: { key: authority.private, cert: authority.cert },
    extensions: [
      { name: 'extKeyUsage', serverAuth: true },
      { name: 'subjectAltName', altNames: [{ type: 7, ip: HOST }] },
    ],
  });
  return { authority: authority.cert, cert, key };
}
