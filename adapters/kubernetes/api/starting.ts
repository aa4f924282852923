import { PipelineError } from '../../../core/errors';
import { apiCall } from './errors';
import type { KubernetesClient } from './client';

/**
 * Whether the API server answers, but does not know its roles yet: for about a second after its start it refuses everybody
 * everything (403). It is asked for something that everyone who is authenticated may read.
 */
export async function isStarting({ apis, server }: Pick<KubernetesClient, 'apis' | 'server'>): Promise<boolean> {
  try {
    await apiCall({ what: 'list API groups', server }, () => apis.getAPIVersions());
    return false;
  } catch (error) {
    if (!(error instanceof PipelineError)) throw error;
    return true;
  }
}
