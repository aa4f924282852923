import { testHttpService, type TestedService } from '../diagnosis/httpService';
import { isPushgatewayStatus } from '../diagnosis/knownServers';
import { basicAuthorization } from '../http/service';
import type { PushgatewayAccess } from './push';

/** Prometheus has no such page, and answers /-/ready like a Pushgateway. */
const PUSHGATEWAY: TestedService = {
  name: 'Pushgateway',
  example: 'http://pushgateway.monitoring:9091',
  apiPath: /\/(metrics\/job|api\/v1)\b/,
  path: '/api/v1/status',
  refused: () => 'Check the fields User and Password, and what that user may do.',
  recognises: isPushgatewayStatus,
};

/** The credential's test: reads the server's own status. @throws PipelineError with what is wrong */
export function testPushgateway({ url, username = '', password = '' }: Partial<PushgatewayAccess>): Promise<void> {
  return testHttpService(PUSHGATEWAY, { url, headers: basicAuthorization({ username, password }) });
}
