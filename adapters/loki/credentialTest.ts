import { isObject } from '../diagnosis/knownServers';
import { testHttpService, type TestedService } from '../diagnosis/httpService';

import { basicAuthorization } from '../http/service';
import type { LokiAccess } from './push';

const LOKI: TestedService = {
  name: 'Loki',
  example: 'http://loki.monitoring:3100',
  apiPath: /\/loki\/api(?:\/|$)/,
  path: '/loki/api/v1/labels',
  refused: () => 'Check the fields User, Password and Tenant, and what that user may do.',
  // An empty Loki has no data key.
  recognises: (json) => isObject(json) && json.status === 'success',
};

/** The credential's test: reads the labels of the tenant. @throws PipelineError with what is wrong */
export function testLoki({ url, tenant = '', username = '', password = '' }: Partial<LokiAccess>): Promise<void> {
  const headers = {
    ...basicAuthorization({ username, password }),
    ...(tenant === '' ? {} : { 'X-Scope-OrgID': tenant }),
  };
  return testHttpService(LOKI, { url, headers });
}
