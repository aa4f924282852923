import * as kubernetes from '@pulumi/kubernetes';
import { all, type Output, type Resource, secret } from '@pulumi/pulumi';
import { stringify } from 'yaml';
import type { Cluster } from '../cluster';
import { BY_NAMESPACE, ENTERED, EVERYWHERE } from './rights';

const NAME = 'participant';
const HOME = 'default';
const SUBJECT = { kind: 'ServiceAccount', name: NAME, namespace: HOME };
const GROUP = 'rbac.authorization.k8s.io';

/**
 * A participant, who runs the scenarios and sees the results.
 * @param after the resources that create the namespaces
 * @returns a kubeconfig, which is valid until the cluster is deleted
 */
export function participant({ inside, entrance }: Cluster, after: Resource[]): Output<string> {
  const options = { ...inside, dependsOn: after };
  const metadata = { name: NAME, namespace: HOME };
  const account = new kubernetes.core.v1.ServiceAccount(
    NAME,
    { metadata, automountServiceAccountToken: false },
    options,
  );
  const grants = { ...options, dependsOn: [...after, account] };
  const role = { apiGroup: GROUP, name: NAME };
  new kubernetes.rbac.v1.ClusterRole(NAME, { metadata: { name: NAME }, rules: EVERYWHERE }, grants);
  new kubernetes.rbac.v1.ClusterRoleBinding(
    NAME,
    { metadata: { name: NAME }, roleRef: { ...role, kind: 'ClusterRole' }, subjects: [SUBJECT] },
    grants,
  );
  for (const [namespace, rules] of Object.entries(BY_NAMESPACE)) {
    const there = { name: NAME, namespace };
    const name = `${NAME}-${namespace}`;
    new kubernetes.rbac.v1.Role(name, { metadata: there, rules }, grants);
    new kubernetes.rbac.v1.RoleBinding(
      name,
      { metadata: there, roleRef: { ...role, kind: 'Role' }, subjects: [SUBJECT] },
      grants,
    );
  }
  const doors = entering(options);
  const token = new kubernetes.core.v1.Secret(
    NAME,
    {
      metadata: { ...metadata, annotations: { 'kubernetes.io/service-account.name': NAME } },
      type: 'kubernetes.io/service-account-token',
    },
    { ...options, dependsOn: [account, ...doors] },
  );
  return secret(all([entrance, token.data]).apply(([to, data]) => kubeconfig(to, decoded(data.token ?? ''))));
}

/** RBAC cannot distinguish pods with generated names; admission can. */
function entering(options: Cluster['inside']): Resource[] {
  const name = `${NAME}-shells`;
  const policy = new kubernetes.admissionregistration.v1.ValidatingAdmissionPolicy(
    name,
    {
      metadata: { name },
      spec: {
        failurePolicy: 'Fail',
        matchConstraints: {
          resourceRules: [
            { apiGroups: [''], apiVersions: ['v1'], operations: ['CONNECT'], resources: ['pods/exec', 'pods/attach'] },
          ],
        },
        matchConditions: [
          { name: NAME, expression: `request.userInfo.username == 'system:serviceaccount:${HOME}:${NAME}'` },
        ],
        validations: [{ expression: ENTERED, message: 'The workshop has no shell for you in this pod.' }],
      },
    },
    options,
  );
  const binding = new kubernetes.admissionregistration.v1.ValidatingAdmissionPolicyBinding(
    name,
    { metadata: { name }, spec: { policyName: name, validationActions: ['Deny'] } },
    { ...options, dependsOn: policy },
  );
  return [policy, binding];
}

const decoded = (base64: string): string => Buffer.from(base64, 'base64').toString();

function kubeconfig({ server, authority }: { server: string; authority: string }, token: string): string {
  const name = 'workshop';
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: { server, 'certificate-authority-data': authority } }],
    users: [{ name: NAME, user: { token } }],
    contexts: [{ name, context: { cluster: name, user: NAME } }],
    'current-context': name,
  });
}
