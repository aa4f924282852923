import type { ICredentialType, INodeProperties } from 'n8n-workflow';

import { helpLink } from './helpLink';

/**
 * Access to one API server as the responder's ServiceAccount. K8s Quarantine tests it, because it checks the server's
 * certificate.
 */
export class KubernetesResponderApi implements ICredentialType {
  name = 'kubernetesResponderApi';
  displayName = 'Kubernetes Responder API';
  icon = {
    light: 'file:../nodes/K8sQuarantine/k8sQuarantine.svg',
    dark: 'file:../nodes/K8sQuarantine/k8sQuarantine.dark.svg',
  } as const;
  properties: INodeProperties[] = [
    helpLink('kubernetes-responder-api'),
    {
      displayName: 'Authentication',
      name: 'authentication',
      type: 'options',
      default: 'token',
      options: [
        {
          name: 'Kubeconfig',
          value: 'kubeconfig',
          description: "A kubeconfig whose current context contains the responder's token",
        },
        {
          name: 'ServiceAccount of This Pod',
          value: 'serviceAccount',
          description: 'For n8n inside the cluster: the projected token is read from its file on each call',
        },
        { name: 'Token', value: 'token', description: 'For n8n outside the cluster' },
      ],
    },
    {
      displayName: 'API Server',
      name: 'server',
      type: 'string',
      default: 'https://kubernetes.default.svc',
      required: true,
      description: 'Its HTTPS URL; the certificate is always verified',
      displayOptions: { show: { authentication: ['serviceAccount', 'token'] } },
    },
    // eslint-disable-next-line @n8n/community-nodes/credential-password-field -- a certificate is public, and people must be able to compare it
    {
      displayName: 'CA Certificate',
      name: 'caCertificate',
      type: 'string',
      typeOptions: { rows: 4 },
      default: '',
      description:
        "PEM of the CA that signed the API server's certificate. Leave empty to use the CAs that Node.js trusts.",
      displayOptions: { show: { authentication: ['token'] } },
    },
    {
      displayName: 'Token',
      name: 'token',
      type: 'string',
      typeOptions: { password: true },
      default: '',
      required: true,
      description: 'Token of the ServiceAccount n8n-responder: kubectl create token n8n-responder --namespace n8n',
      displayOptions: { show: { authentication: ['token'] } },
    },
    // eslint-disable-next-line @n8n/community-nodes/credential-unnecessary-password -- it contains the responder's token
    {
      displayName: 'Kubeconfig',
      name: 'kubeconfig',
      type: 'string',
      typeOptions: { password: true, rows: 8 },
      default: '',
      required: true,
      description: 'The whole file. A file that disables certificate verification is refused.',
      displayOptions: { show: { authentication: ['kubeconfig'] } },
    },
  ];
}
