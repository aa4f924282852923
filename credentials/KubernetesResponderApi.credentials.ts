import type { ICredentialType, INodeProperties } from 'n8n-workflow';

/** Access to one API server as the responder's ServiceAccount. K8s Quarantine tests it: it checks the server's certificate. */
export class KubernetesResponderApi implements ICredentialType {
  name = 'kubernetesResponderApi';
  displayName = 'Kubernetes Responder API';
  icon = {
    light: 'file:../nodes/K8sQuarantine/k8sQuarantine.svg',
    dark: 'file:../nodes/K8sQuarantine/k8sQuarantine.dark.svg',
  } as const;
  documentationUrl = 'https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/';
  properties: INodeProperties[] = [
    {
      displayName: 'API Server',
      name: 'server',
      type: 'string',
      default: 'https://kubernetes.default.svc',
      required: true,
      description: 'Its https URL; the certificate is always checked',
    },
    // eslint-disable-next-line @n8n/community-nodes/credential-password-field -- a certificate is public, and has to be compared by eye
    {
      displayName: 'CA Certificate',
      name: 'caCertificate',
      type: 'string',
      typeOptions: { rows: 4 },
      default: '',
      description:
        'PEM of the authority that signed the API server’s certificate. Empty: the authorities that Node trusts.',
    },
    {
      displayName: 'Token',
      name: 'token',
      type: 'string',
      typeOptions: { password: true },
      default: '',
      required: true,
      description: 'Of the ServiceAccount n8n-responder: kubectl create token n8n-responder --namespace n8n',
    },
  ];
}
