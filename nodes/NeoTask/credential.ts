import type { INodeCredentialTestResult } from 'n8n-workflow';
import { z } from 'zod/v4';

import type { PulumiCloudAccess } from '../../adapters/neo/call';
import { testPulumiCloud } from '../../adapters/neo/credentialTest';
import { credentialTestResult } from '../shared/credentialTest';
import { readCredential } from '../shared/readCredential';

const pulumiSchema = z.object({
  url: z.url({ protocol: /^https$/, error: 'must be an https URL, for example https://api.pulumi.com' }),
  organization: z.string().min(1, 'is empty'),
  accessToken: z.string().min(1, 'is empty'),
});

/** Reads the Pulumi Cloud credential. @throws PipelineError `misconfigured` */
export function readPulumiAccess(data: object): PulumiCloudAccess {
  return readCredential(pulumiSchema, 'Pulumi Cloud', data);
}

/** The Pulumi Cloud credential's test: asks for one of the organization's tasks. */
export function testPulumiCloudCredential(data: object): Promise<INodeCredentialTestResult> {
  return credentialTestResult(async () => {
    const access = readPulumiAccess(data);
    await testPulumiCloud(access);
    return `Neo can be asked in ${access.organization}`;
  });
}
