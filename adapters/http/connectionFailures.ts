import { errorCodes } from './errorCodes';

/** What a failed connection means. `{host}` is the host, `{at}` host and port, `{name}` the service. */
interface ConnectionFailure {
  /** Codes and names of the errors of Node (libuv, OpenSSL) and of undici. */
  codes: RegExp;
  /** The problem: a clause. */
  problem: string;
  /** The next step for a person who fills in the address: a sentence without its end. */
  correct: string;
  /** The problem and the next step where the address worked before: a sentence. */
  mend: string;
}

const FAILURES: readonly ConnectionFailure[] = [
  {
    codes: /^ECONNREFUSED$/,
    problem: 'nothing listens at {at}',
    correct: 'Check the port, and that the server runs',
    mend: 'Nothing listens at {at}: check that {name} runs, and the port in the URL of its credential.',
  },
  {
    codes: /^(?:ENOTFOUND|EAI_AGAIN|EAI_NODATA)$/,
    problem: 'the host name {host} is unknown to DNS',
    correct: 'Check the host name. A Service in the cluster has the name SERVICE.NAMESPACE.svc, and only pods know it',
    mend: 'The name {at} is not known where n8n runs: correct the URL in the {name} credential. In a cluster it is SERVICE.NAMESPACE.',
  },
  {
    codes: /^(?:EHOSTUNREACH|ENETUNREACH|EHOSTDOWN)$/,
    problem: 'there is no route to {host}',
    correct: 'Check the address and the network',
    mend: 'There is no route to {at}: check the address, and that firewalls and NetworkPolicies let n8n through to {name}.',
  },
  {
    codes: /^(?:ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT|TimeoutError|AbortError)$/,
    problem: '{at} did not answer in time',
    correct: 'Check the address, and the NetworkPolicies and firewalls on the way',
    mend: '{at} did not answer in time: check the address, and that firewalls and NetworkPolicies let n8n through to {name}.',
  },
  {
    codes: /^UND_ERR_(?:HEADERS|BODY)_TIMEOUT$/,
    problem: '{at} did not answer in time',
    correct: 'Check the address, and the NetworkPolicies and firewalls on the way',
    mend: '{name} took the request and did not answer within 5 seconds: look at its load and its logs.',
  },
  {
    codes: /^ERR_SSL_.*(?:CERTIFICATE_REQUIRED|HANDSHAKE_FAILURE|BAD_CERTIFICATE)$/,
    problem: '{at} requires a client certificate',
    correct: 'Use an address that requires none',
    mend: '{name} requires a client certificate, which its credential cannot send: use an address that requires none.',
  },
  {
    codes: /^(?:EPROTO$|ERR_SSL_)/,
    problem: '{at} does not speak TLS as this n8n does',
    correct: 'If the server has no TLS, begin the address with http://; else check the port and the TLS version',
    mend: 'The server at {at} does not speak TLS as n8n does: write the URL with http://, or use the port for https.',
  },
  {
    codes: /SELF_SIGNED|UNABLE_TO_(?:VERIFY|GET_ISSUER)|^CERT_UNTRUSTED$/,
    problem: 'no authority that this n8n trusts signed the certificate of {host}',
    correct:
      "Put the CA certificate (PEM) into the credential where it has a field for it, else into the file that n8n's variable NODE_EXTRA_CA_CERTS names",
    mend: "No authority that n8n trusts signed its certificate: start n8n with NODE_EXTRA_CA_CERTS set to the file of that authority's certificate. Certificates are always checked.",
  },
  {
    codes: /^CERT_HAS_EXPIRED$/,
    problem: 'the certificate of {host} has expired',
    correct: 'Renew it on the server',
    mend: 'Renew the certificate of {name}; if it is valid, correct the clock where n8n runs.',
  },
  {
    codes: /^CERT_NOT_YET_VALID$/,
    problem: 'the certificate of {host} is not valid yet',
    correct: 'Check the clocks of both machines',
    mend: 'The certificate of {name} is not valid yet: check the clocks of both machines.',
  },
  {
    codes: /^ERR_TLS_CERT_ALTNAME_INVALID$/,
    problem: 'the certificate is not for the host name {host}',
    correct: 'Use the host name that the certificate is for',
    mend: 'The certificate is for another name: write the URL in the {name} credential with a name that it holds.',
  },
  {
    codes: /^ERR_OSSL_(?:PEM|ASN1)_/,
    problem: 'the CA certificate cannot be read',
    correct: 'Paste it as PEM, with its BEGIN CERTIFICATE and END CERTIFICATE lines',
    mend: 'The CA certificate in the {name} credential cannot be read: paste it as PEM.',
  },
  {
    codes: /^(?:HPE_|HTTPParserError|UND_ERR_INVALID_)/,
    problem: '{at} does not answer in HTTP',
    correct: 'Check the port; if the server has TLS, begin the address with https://',
    mend: 'The server at {at} does not speak HTTP: check the port in the URL of the {name} credential.',
  },
  {
    codes: /^(?:ECONNRESET|EPIPE|UND_ERR_SOCKET)$/,
    problem: '{at} ended the connection without an answer',
    correct: 'Check the port; if the server has TLS, begin the address with https://',
    mend: '{at} closed the connection: write the URL with https:// if it requires TLS, else look at the logs of {name}.',
  },
  {
    codes: /^UND_ERR_RES_EXCEEDED_MAX_SIZE$/,
    problem: 'the answer of {at} is too large',
    correct: 'Check the address',
    mend: 'The answer is larger than any of {name}: check the URL in its credential.',
  },
];

/** The failure that an error of Node or undici stands for; undefined for one that is not known. */
export function connectionFailureOf(thrown: unknown): ConnectionFailure | undefined {
  const codes = errorCodes(thrown);
  return FAILURES.find((failure) => codes.some((code) => failure.codes.test(code)));
}

/** A text of the table for one server. */
export function fill(text: string, values: Readonly<Record<'host' | 'at' | 'name', string>>): string {
  return text.replace(/\{(host|at|name)\}/g, (_, key: 'host' | 'at' | 'name') => values[key]);
}
