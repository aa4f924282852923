import { type Output, secret } from '@pulumi/pulumi';
import * as tls from '@pulumi/tls';

const YEAR_HOURS = 365 * 24;
/** A Pulumi run renews certificates this long before they expire. */
const RENEWAL_HOURS = 30 * 24;
const VALIDITY = { validityPeriodHours: YEAR_HOURS, earlyRenewalHours: RENEWAL_HOURS };
const KEY = { algorithm: 'ECDSA', ecdsaCurve: 'P256' };

interface Pair {
  certificate: Output<string>;
  key: Output<string>;
}

export interface MutualTls {
  authority: Output<string>;
  server: Pair;
  client: Pair;
}

/** The certificates by which a server and its only client authenticate each other; `service` is `name.namespace`. */
export function mutualTls(service: string, client: string): MutualTls {
  const authorityKey = privateKey('falco-authority');
  const authority = new tls.SelfSignedCert('falco-authority', {
    ...VALIDITY,
    privateKeyPem: secret(authorityKey.privateKeyPem),
    subject: { commonName: `${service} authority` },
    isCaCertificate: true,
    allowedUses: ['cert_signing', 'crl_signing'],
  });
  const signed = (name: string, commonName: string, use: string, dnsNames: string[]): Pair => {
    const { privateKeyPem } = privateKey(name);
    const request = new tls.CertRequest(name, {
      privateKeyPem: secret(privateKeyPem),
      subject: { commonName },
      dnsNames,
    });
    const certificate = new tls.LocallySignedCert(name, {
      ...VALIDITY,
      certRequestPem: request.certRequestPem,
      caPrivateKeyPem: secret(authorityKey.privateKeyPem),
      caCertPem: authority.certPem,
      allowedUses: ['digital_signature', use],
    });
    return { certificate: certificate.certPem, key: secret(privateKeyPem) };
  };
  return {
    authority: authority.certPem,
    server: signed('falcosidekick', service, 'server_auth', namesOf(service)),
    client: signed('falco', client, 'client_auth', []),
  };
}

const privateKey = (name: string): tls.PrivateKey =>
  new tls.PrivateKey(name, KEY, { additionalSecretOutputs: ['privateKeyPem'] });

/** `name.namespace` in the forms by which a Service is called inside a cluster. */
const namesOf = (service: string): string[] => [service, `${service}.svc`, `${service}.svc.cluster.local`];
