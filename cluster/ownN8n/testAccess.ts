import { testLoki } from '../../adapters/loki/credentialTest.js';
import { testPushgateway } from '../../adapters/pushgateway/credentialTest.js';
import { connectionTestResult } from '../../nodes/shared/credentialTest.js';
import { testKubernetesAccess } from '../../nodes/shared/kubernetesCredential.js';
import type { PipelineAccess } from '../shared/n8n/credentials.js';

/** What the test of a credential said: the same that n8n's editor shows. */
export interface Tested {
  credential: string;
  isGood: boolean;
  message: string;
}

/** Tests the three servers from here. */
export function testAccess({
  kubernetes,
  lokiUrl,
  pushgatewayUrl,
}: Omit<PipelineAccess, 'webhookSecret'>): Promise<Tested[]> {
  return Promise.all([
    tested('Kubernetes Responder API', testKubernetesAccess({ ...kubernetes })),
    tested(
      'Loki API',
      connectionTestResult(() => testLoki({ url: lokiUrl })),
    ),
    tested(
      'Pushgateway API',
      connectionTestResult(() => testPushgateway({ url: pushgatewayUrl })),
    ),
  ]);
}

async function tested(credential: string, result: ReturnType<typeof connectionTestResult>): Promise<Tested> {
  const { status, message } = await result;
  return { credential, isGood: status === 'OK', message };
}
