import {
  HttpMethod,
  type KubeConfig,
  type KubernetesObject,
  KubernetesObjectApi,
  PatchStrategy,
} from '@kubernetes/client-node';

import { FIELD_MANAGER } from '../../../cluster/local/kubernetes/client';

/** Sends objects as they are written: the client's own calls leave out fields that it does not know (2.0.1). */
class StrictApi extends KubernetesObjectApi {
  async dryRun(object: KubernetesObject): Promise<KubernetesObject> {
    const path = await this.specUriPath(object, 'patch');
    const request = this.configuration.baseServer.makeRequestContext(path, HttpMethod.PATCH);
    request.setHeaderParam('Content-Type', PatchStrategy.ServerSideApply);
    const query = { dryRun: 'All', fieldValidation: 'Strict', fieldManager: FIELD_MANAGER, force: 'true' };
    for (const [name, value] of Object.entries(query)) request.setQueryParam(name, value);
    request.setBody(JSON.stringify(object));
    return this.requestPromise(request);
  }
}

/** Asks the API server whether it would take objects, strictly; nothing is kept. */
export function strictApply(config: KubeConfig): (object: KubernetesObject) => Promise<KubernetesObject> {
  const api = config.makeApiClient(StrictApi);
  return (object) => api.dryRun(object);
}
