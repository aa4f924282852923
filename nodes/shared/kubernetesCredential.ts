import type { INodeCredentialTestResult } from 'n8n-workflow';
import { z } from 'zod/v4';

import type { KubernetesAccess } from '../../adapters/kubernetes/api/client';
import { accessFromKubeconfig } from '../../adapters/kubernetes/api/kubeconfig';
import { testApiServer } from '../../adapters/kubernetes/api/credentialTest';
import { NEW_TOKEN } from '../../adapters/kubernetes/api/whoAmI';
import { PipelineError } from '../../core/errors';
import { now } from './clock';
import { credentialTestResult } from './credentialTest';

const server = z.url({
  protocol: /^https$/,
  error: 'must be an https URL, for example https://kubernetes.default.svc',
});
const caCertificate = z.string().default('');

/** In a pod Kubernetes keeps both here (kubernetes.io, "Accessing the API from within a Pod"). */
const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

const accessSchema = z.discriminatedUnion('authentication', [
  z.object({
    authentication: z.literal('token').default('token'),
    server,
    caCertificate,
    token: z.string().min(1, 'is empty'),
  }),
  z.object({
    authentication: z.literal('serviceAccount'),
    server,
    tokenFile: z.string().default(`${SERVICE_ACCOUNT}/token`),
    caFile: z.string().default(`${SERVICE_ACCOUNT}/ca.crt`),
  }),
  z.object({ authentication: z.literal('kubeconfig'), kubeconfig: z.string().min(1, 'is empty') }),
]);

/** Something else than a token, by how it looks; in a single line too, to which a password field joins what is pasted. */
const NOT_A_TOKEN: readonly (readonly [looks: RegExp, what: string, nextStep: string])[] = [
  [
    /\bapiVersion\b["']?\s*:|\bclusters["']?\s*:/,
    'is a whole kubeconfig, not a token',
    'Choose Kubeconfig as Authentication and paste it there',
  ],
  [/-----BEGIN /, 'is a certificate or a key, not a token', 'Put a CA certificate into the field CA Certificate'],
  [/^\s*Bearer\s/i, 'begins with the word Bearer', 'Leave the word out: the node adds it'],
  [/\S\s+\S/, 'has a space or a line break inside', 'Paste the token alone, as one line'],
];

/** @throws PipelineError `misconfigured`, without the text, which may hold a secret */
function tokenOf(text: string): string {
  const wrong = NOT_A_TOKEN.find(([looks]) => looks.test(text));
  if (wrong === undefined) return text.trim();
  const [, what, nextStep] = wrong;
  throw new PipelineError('misconfigured', `the field Token of the Kubernetes Responder credential ${what}`, {
    nextStep: `${nextStep}. A token comes from: ${NEW_TOKEN}`,
  });
}

/** Reads the credential's fields. @throws PipelineError `misconfigured` */
export async function readAccess(data: object | undefined): Promise<KubernetesAccess> {
  const result = accessSchema.safeParse({ authentication: 'token', ...data });
  if (!result.success) {
    const [issue] = result.error.issues;
    throw new PipelineError(
      'misconfigured',
      `the Kubernetes credential's ${issue?.path.join('.') ?? 'data'} ${issue?.message ?? 'is invalid'}`,
      { nextStep: 'Open the Kubernetes Responder credential and correct it.' },
    );
  }
  const access = result.data;
  switch (access.authentication) {
    case 'token':
      return {
        server: access.server,
        certificate: { text: access.caCertificate },
        token: { text: tokenOf(access.token) },
      };
    case 'serviceAccount':
      return { server: access.server, certificate: { file: access.caFile }, token: { file: access.tokenFile } };
    case 'kubeconfig':
      return accessFromKubeconfig(access.kubeconfig);
  }
}

/**
 * The credential's test: the right server, whose token it is, and how long that lives. n8n shows nothing of a success, so
 * that a token which ends soon is an error.
 */
export function testKubernetesAccess(data: object | undefined): Promise<INodeCredentialTestResult> {
  return credentialTestResult(async () => {
    const { user, tokenExpires, warning } = await testApiServer(await readAccess(data), now());
    if (warning !== null)
      throw new PipelineError('misconfigured', `Connected as ${user}, but not for long: ${warning}`, {
        nextStep: 'Then test again.',
      });
    return `Connected as ${user}; ${tokenExpires === null ? 'the token does not say when it ends' : `the token ends at ${tokenExpires}`}`;
  });
}
