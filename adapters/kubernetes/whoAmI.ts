import { connect, type KubernetesAccess } from './client';
import { calling } from './errors';

/** The user that a token stands for (authentication.k8s.io/v1 SelfSubjectReview, Kubernetes 1.28 and later). */
export async function whoAmI(access: KubernetesAccess): Promise<string> {
  const client = await connect(access);
  const review = await calling({ what: 'ask who the token belongs to', server: access.server }, () =>
    client.authentication.createSelfSubjectReview({
      body: { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' },
    }),
  );
  return review.status?.userInfo?.username ?? 'unknown';
}
