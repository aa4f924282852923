import { sanitize } from '../../core/text/sanitize';
import { messageOf, PipelineError } from '../../core/errors';
import { errorCodes } from './errorCodes';
import { shown } from './refusal';
import type { HttpService } from './service';

/** What to do, by the code or name of Node's, OpenSSL's or undici's error. `{name}` is the service, `{host}` its host and port. */
const STEPS: readonly (readonly [code: RegExp, step: string])[] = [
  [
    /^(?:ENOTFOUND|EAI_AGAIN|EAI_NODATA)$/,
    'The name {host} is not known where n8n runs: correct the URL in the {name} credential. In a cluster it is SERVICE.NAMESPACE.',
  ],
  [/^ECONNREFUSED$/, 'Nothing listens at {host}: check that {name} runs, and the port in the URL of its credential.'],
  [
    /^(?:ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT|EHOSTUNREACH|ENETUNREACH|EHOSTDOWN)$/,
    'No connection to {host} comes about: check the address, and that firewalls and NetworkPolicies let n8n through to {name}.',
  ],
  [
    /^UND_ERR_(?:HEADERS|BODY)_TIMEOUT$/,
    '{name} took the request and did not answer within 5 seconds: look at its load and its logs.',
  ],
  [
    /^(?:EPROTO|ERR_SSL_(?:WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|UNSUPPORTED_PROTOCOL))$/,
    'What listens at {host} does not speak TLS as n8n does: write the URL with http://, or use the port for https.',
  ],
  [
    /(?:SELF_SIGNED|UNABLE_TO_(?:VERIFY|GET_ISSUER))/,
    'The authority of its certificate is not known to n8n: start n8n with NODE_EXTRA_CA_CERTS set to the file of that authority’s certificate. Certificates are always checked.',
  ],
  [
    /^CERT_(?:HAS_EXPIRED|NOT_YET_VALID)$/,
    'Renew the certificate of {name}; if it is valid, correct the clock where n8n runs.',
  ],
  [
    /^ERR_TLS_CERT_ALTNAME_INVALID$/,
    'The certificate is for another name: write the URL in the {name} credential with a name that it holds.',
  ],
  [
    /^ERR_SSL_.*(?:CERTIFICATE_REQUIRED|HANDSHAKE_FAILURE|BAD_CERTIFICATE)$/,
    '{name} wants a client certificate, which its credential cannot send: use an address that needs none.',
  ],
  [
    /^(?:HPE_|HTTPParserError)/,
    'What listens at {host} does not speak HTTP: check the port in the URL of the {name} credential.',
  ],
  [
    /^(?:ECONNRESET|EPIPE|UND_ERR_SOCKET)$/,
    '{host} closed the connection: write the URL with https:// if it wants TLS, else look at the logs of {name}.',
  ],
  [/^UND_ERR_RES_EXCEEDED_MAX_SIZE$/, 'The answer is larger than any of {name}: check the URL in its credential.'],
];

const OTHERWISE = 'Check that {name} runs and that the URL in its credential is right, then run the step again.';

/** The error for a request that got no answer. */
export function unreachable({ name }: HttpService, url: URL, error: unknown): PipelineError {
  const codes = errorCodes(error);
  const [, step = OTHERWISE] = STEPS.find(([pattern]) => codes.some((code) => pattern.test(code))) ?? [];
  const said = messageOf(error) === '' ? codes.join(', ') : messageOf(error);
  return new PipelineError('unreachable', `${name} at ${shown(url)} did not answer: ${sanitize(said, 500)}`, {
    nextStep: step.replaceAll('{name}', name).replaceAll('{host}', url.host),
    cause: error,
  });
}
