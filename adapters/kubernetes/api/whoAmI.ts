import type { Access } from '../../../app/ports';
import { type TokenLife, tokenLife } from '../../../core/response/tokenLife';
import { currentText } from './authentication';
import { connect, type KubernetesAccess, type KubernetesClient } from './client';
import { apiCall } from './errors';

/** How to get a token, wherever one is missing. */
export const NEW_TOKEN = 'kubectl create token n8n-responder --namespace n8n --duration 24h';

/** The user that a token stands for (authentication.k8s.io/v1 SelfSubjectReview, Kubernetes 1.28 and later). */
export async function whoAmI(access: KubernetesAccess, now: Date): Promise<Access> {
  return checkAccess(await connect(access), now);
}

export async function checkAccess(client: KubernetesClient, now: Date): Promise<Access> {
  const review = await apiCall({ what: 'ask who the token belongs to', server: client.server }, () =>
    client.authentication.createSelfSubjectReview({
      body: { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' },
    }),
  );
  const life = tokenLife(await currentText(client.token), now);
  return {
    user: review.status?.userInfo?.username ?? 'unknown',
    server: client.server,
    tokenExpires: life?.expires.toISOString() ?? null,
    renewed: 'file' in client.token,
    warning: life?.endsSoon === true && 'text' in client.token ? renewal(life) : null,
  };
}

function renewal({ expires, remainingSeconds }: TokenLife): string {
  return `the token ends at ${expires.toISOString()}, in ${Math.round(remainingSeconds / 60)} minutes; after that every action escalates. Put a new one into the credential: ${NEW_TOKEN}`;
}
