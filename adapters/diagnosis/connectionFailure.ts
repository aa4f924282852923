import { visible } from '../../core/text/sanitize';
import { errorCodes } from '../http/errorCodes';

/** Why a server gave no answer, in words of the network, and what to do. Both are sentences without an end. */
interface ConnectionFailure {
  problem: string;
  nextStep: string;
}

interface Address {
  host: string;
  port: string;
  /** Whether the connection was to use TLS. */
  tls: boolean;
}

/** Codes of Node (libuv, OpenSSL) and of undici, with what they mean for somebody who filled in an address. */
const FAILURES: readonly [codes: RegExp, (address: Address) => ConnectionFailure][] = [
  [
    /^ECONNREFUSED$/,
    ({ host, port }) => ({
      problem: `nothing listens at ${host}:${port}`,
      nextStep: 'Check the port, and that the server runs',
    }),
  ],
  [
    /^(ENOTFOUND|EAI_AGAIN|EAI_NODATA)$/,
    ({ host }) => ({
      problem: `the host name ${host} is unknown to DNS`,
      nextStep:
        'Check the host name. A Service in the cluster has the name SERVICE.NAMESPACE.svc, and only pods know it',
    }),
  ],
  [
    /^(EHOSTUNREACH|ENETUNREACH)$/,
    ({ host }) => ({ problem: `there is no route to ${host}`, nextStep: 'Check the address and the network' }),
  ],
  [
    /^(UND_ERR_(CONNECT|HEADERS|BODY)_TIMEOUT|ETIMEDOUT|TimeoutError|AbortError)$/,
    ({ host, port }) => ({
      problem: `${host}:${port} did not answer in time`,
      nextStep: 'Check the address, and the NetworkPolicies and firewalls on the way',
    }),
  ],
  [
    /^(EPROTO|ERR_SSL_\w+)$/,
    ({ host, port }) => ({
      problem: `${host}:${port} does not speak TLS as this n8n does`,
      nextStep: 'If the server has no TLS, begin the address with http://; else check the port and the TLS version',
    }),
  ],
  [
    /^HPE_\w+$|^UND_ERR_INVALID_/,
    ({ host, port, tls }) => ({
      problem: `${host}:${port} does not answer in HTTP`,
      nextStep: tls ? 'Check the port' : 'If the server has TLS, begin the address with https://; else check the port',
    }),
  ],
  [
    /^(ECONNRESET|EPIPE|UND_ERR_SOCKET)$/,
    ({ host, port, tls }) => ({
      problem: `${host}:${port} ended the connection without an answer`,
      nextStep: tls ? 'Check the port' : 'If the server has TLS, begin the address with https://; else check the port',
    }),
  ],
  [
    /^CERT_HAS_EXPIRED$/,
    ({ host }) => ({ problem: `the certificate of ${host} has expired`, nextStep: 'Renew it on the server' }),
  ],
  [
    /^CERT_NOT_YET_VALID$/,
    ({ host }) => ({
      problem: `the certificate of ${host} is not valid yet`,
      nextStep: 'Check the clocks of both machines',
    }),
  ],
  [
    /^ERR_TLS_CERT_ALTNAME_INVALID$/,
    ({ host }) => ({
      problem: `the certificate is not for the host name ${host}`,
      nextStep: 'Use the host name that the certificate is for',
    }),
  ],
  [
    /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_(GET_ISSUER_CERT|GET_ISSUER_CERT_LOCALLY|VERIFY_LEAF_SIGNATURE)|CERT_UNTRUSTED)$/,
    ({ host }) => ({
      problem: `no authority that this n8n trusts signed the certificate of ${host}`,
      nextStep:
        'Put the CA certificate (PEM) into the credential where it has a field for it, else into the file that n8n’s variable NODE_EXTRA_CA_CERTS names',
    }),
  ],
  [
    /^(ERR_OSSL_PEM_\w+|ERR_OSSL_ASN1_\w+)$/,
    () => ({
      problem: 'the CA certificate cannot be read',
      nextStep: 'Paste it as PEM, with its BEGIN CERTIFICATE and END CERTIFICATE lines',
    }),
  ],
];

/** Explains what undici, fetch or a socket threw for this URL. */
export function connectionFailure(url: string, thrown: unknown): ConnectionFailure {
  const address = addressOf(url);
  const codes = errorCodes(thrown);
  for (const [pattern, explain] of FAILURES) if (codes.some((code) => pattern.test(code))) return explain(address);
  const said = visible(innermostMessage(thrown), 300);
  return {
    problem: `${address.host}:${address.port} did not answer (${said})`,
    nextStep: 'Check the address, and that the server runs',
  };
}

/** A URL's host, port and scheme; the whole text as the host if it is not a URL. */
function addressOf(text: string): Address {
  if (!URL.canParse(text)) return { host: visible(text, 200), port: '', tls: false };
  const { hostname, port, protocol } = new URL(text);
  const tls = protocol === 'https:';
  return { host: hostname, port: port === '' ? (tls ? '443' : '80') : port, tls };
}

/** undici says "fetch failed" and keeps the reason in its cause. */
function innermostMessage(thrown: unknown, depth = 0): string {
  if (typeof thrown !== 'object' || thrown === null) return String(thrown);
  const { message, cause }: { message?: unknown; cause?: unknown } = thrown;
  if (typeof cause === 'object' && cause !== null && depth < 8) return innermostMessage(cause, depth + 1);
  return typeof message === 'string' ? message : 'no reason given';
}
