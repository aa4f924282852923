import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { KubeConfig, RbacAuthorizationV1Api } from '@kubernetes/client-node';

import { configOf } from '../../../cluster/local/kubernetes/client';
import type { Stack } from '../../../cluster/local/stack';
import { BREAK_GLASS_GROUP, NAMESPACES, SERVICE_ACCOUNT } from '../../../core/names';

const TENANT = { user: 'tenant@example.com', groups: [] };
const TENANT_ROLE = 'e2e-tenant';

/** The responder itself, with the token that n8n holds. */
export function responderConfig({ caCertificate, logs, urls }: Stack): KubeConfig {
  const { value } = JSON.parse(readFileSync(join(logs, '../token.json'), 'utf8')) as { value: string };
  const config = new KubeConfig();
  config.loadFromClusterAndUser(
    { name: 'stack', server: urls.kubernetes, caFile: caCertificate, skipTLSVerify: false },
    { name: SERVICE_ACCOUNT, token: value },
  );
  return config;
}

/** The responder's name with all rights: what is refused here is refused by admission and not by RBAC. */
export const mightyResponderConfig = (): KubeConfig =>
  configOf({ user: `system:serviceaccount:${NAMESPACES.responder}:${SERVICE_ACCOUNT}`, groups: ['system:masters'] });

/** An administrator who did not ask for the break-glass group. */
export const plainAdministratorConfig = (): KubeConfig => configOf({ user: 'admin', groups: ['system:masters'] });

/** Somebody with the break-glass group and the rights bound to the own name; the tenant's, unless another is named. */
export const breakGlassConfig = (user = TENANT.user): KubeConfig => configOf({ user, groups: [BREAK_GLASS_GROUP] });

/** Somebody who may do everything in one namespace, and with the namespace itself. */
export async function tenantConfig(namespace: string): Promise<KubeConfig> {
  const [rbac, name] = [configOf().makeApiClient(RbacAuthorizationV1Api), TENANT_ROLE];
  await ignoreConflict(
    rbac.createNamespacedRole({
      namespace,
      body: { metadata: { name }, rules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }] },
    }),
  );
  await ignoreConflict(
    rbac.createNamespacedRoleBinding({
      namespace,
      body: {
        metadata: { name },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
        subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: TENANT.user }],
      },
    }),
  );
  return configOf(TENANT);
}

export async function dismissTenant(namespace: string): Promise<void> {
  const [rbac, name] = [configOf().makeApiClient(RbacAuthorizationV1Api), TENANT_ROLE];
  await rbac.deleteNamespacedRoleBinding({ namespace, name });
  await rbac.deleteNamespacedRole({ namespace, name });
}

async function ignoreConflict(creation: Promise<unknown>): Promise<void> {
  await creation.catch((error: unknown) => {
    if ((error as { code?: number }).code !== 409) throw error;
  });
}
