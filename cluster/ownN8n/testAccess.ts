import { testLoki } from '../../adapters/loki/credentialTest.js';
import { testPushgateway } from '../../adapters/pushgateway/credentialTest.js';
import { credentialTestResult } from '../../nodes/shared/credentialTest.js';
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
      connected(() => testLoki({ url: lokiUrl })),
    ),
    tested(
      'Pushgateway API',
      connected(() => testPushgateway({ url: pushgatewayUrl })),
    ),
  ]);
}

type Result = ReturnType<typeof credentialTestResult>;

const connected = (test: () => Promise<void>): Result =>
  credentialTestResult(async () => {
    await test();
    return 'Connected';
  });

async function tested(credential: string, result: Result): Promise<Tested> {
  const { status, message } = await result;
  return { credential, isGood: status === 'OK', message };
}
