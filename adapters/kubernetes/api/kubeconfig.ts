import { messageOf, PipelineError } from '../../../core/errors';
import type { KubernetesAccess } from './client';

/**
 * Reads a kubeconfig with a token in it, such as `kubectl config` makes for a ServiceAccount. Certificates of users are not
 * taken: a responder is a ServiceAccount, whose token ends.
 * @throws PipelineError `misconfigured`
 */
export async function accessFromKubeconfig(text: string): Promise<KubernetesAccess> {
  const { KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  try {
    config.loadFromString(text);
  } catch (error) {
    throw unusable(`cannot be read: ${messageOf(error)}`, 'Paste the whole file, as YAML.');
  }
  const [cluster, user] = [config.getCurrentCluster(), config.getCurrentUser()];
  if (cluster === null || user === null)
    throw unusable('names no current context with cluster and user', 'Set it: kubectl config use-context NAME');
  if (cluster.skipTLSVerify)
    throw unusable(
      "switches the check of the API server's certificate off (insecure-skip-tls-verify)",
      'An attacker on the path would get the token: put certificate-authority-data in instead.',
    );
  if (!cluster.server.startsWith('https://')) throw unusable('has no https server', "Use the API server's https URL.");
  if (user.token === undefined || user.token === '')
    throw unusable(
      'holds no token',
      "Use the responder's: kubectl create token n8n-responder --namespace n8n --duration 24h",
    );
  return {
    server: cluster.server,
    certificate: { text: Buffer.from(cluster.caData ?? '', 'base64').toString('utf8') },
    token: { text: user.token },
  };
}

function unusable(problem: string, nextStep: string): PipelineError {
  return new PipelineError('misconfigured', `the Kubernetes credential's kubeconfig ${problem}`, { nextStep });
}
