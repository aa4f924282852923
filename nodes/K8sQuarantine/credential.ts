import type { INodeCredentialTestResult } from 'n8n-workflow';
import { z } from 'zod/v4';

import type { KubernetesAccess } from '../../adapters/kubernetes/client';
import { whoAmI } from '../../adapters/kubernetes/whoAmI';
import { PipelineError } from '../../core/errors';

const accessSchema = z.object({
  server: z.url({ protocol: /^https$/, error: 'must be an https URL' }),
  caCertificate: z.string().default(''),
  token: z.string().min(1, 'is empty'),
});

/** Reads the credential's fields. @throws PipelineError `misconfigured` */
export function readAccess(data: object | undefined): KubernetesAccess {
  const result = accessSchema.safeParse(data);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new PipelineError(
    'misconfigured',
    `the Kubernetes credential’s ${issue?.path.join('.') ?? 'data'} ${issue?.message ?? 'is invalid'}`,
    {
      nextStep: 'Open the Kubernetes Responder credential and correct it.',
    },
  );
}

/** The credential's test: asks the API server whose token it is. */
export async function testKubernetesAccess(data: object | undefined): Promise<INodeCredentialTestResult> {
  try {
    return { status: 'OK', message: `Connected as ${await whoAmI(readAccess(data))}` };
  } catch (error) {
    if (!(error instanceof PipelineError)) throw error;
    return { status: 'Error', message: `${error.message}. ${error.nextStep}` };
  }
}
