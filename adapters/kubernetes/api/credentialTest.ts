import { Agent } from 'undici';

import type { Access } from '../../../app/ports';
import { testHttpService, type TestedService } from '../../diagnosis/httpService';
import { isObject } from '../../diagnosis/knownServers';
import { currentText } from './authentication';
import type { KubernetesAccess } from './client';
import { NEW_TOKEN, whoAmI } from './whoAmI';

const API_SERVER: TestedService = {
  name: 'a Kubernetes API server',
  example: 'https://kubernetes.default.svc',
  apiPath: /\/apis?\//,
  path: '/version',
  recognises: (json) => isObject(json) && 'gitVersion' in json,
  refused: (status) =>
    status === 401
      ? `The token has expired or is not of this cluster: put a new one into the credential (${NEW_TOKEN}).`
      : 'The API server refuses even its version: a proxy, or RBAC without system:discovery, stands before it.',
};

/** The credential's test: the right server first, then whose token it is. @throws PipelineError with what is wrong */
export async function testApiServer(access: KubernetesAccess, now: Date): Promise<Access> {
  const ca = await currentText(access.certificate);
  const token = await currentText(access.token);
  const dispatcher = new Agent({ connect: ca === '' ? {} : { ca } });
  try {
    await testHttpService(API_SERVER, {
      url: access.server,
      headers: { authorization: `Bearer ${token}` },
      dispatcher,
    });
  } finally {
    await dispatcher.close();
  }
  return whoAmI(access, now);
}
