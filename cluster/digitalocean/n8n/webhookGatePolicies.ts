import type * as kubernetes from '@pulumi/kubernetes';

export const NAME = 'webhook-gate';
export const LABELS = { 'app.kubernetes.io/name': NAME };

/** Ports that no privilege is needed for. */
export const HTTP = 8080;
export const HTTPS = 8443;

const POD = { podSelector: { matchLabels: LABELS } };
const DNS = {
  ports: [
    { port: 53, protocol: 'UDP' },
    { port: 53, protocol: 'TCP' },
  ],
  to: [
    {
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } },
      podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
    },
  ],
};

/** Ingress from any client, since that is its purpose; egress to n8n and to the authority that issues certificates. */
export const gatePolicy: kubernetes.types.input.networking.v1.NetworkPolicySpec = {
  ...POD,
  policyTypes: ['Ingress', 'Egress'],
  ingress: [{ ports: [{ port: HTTP }, { port: HTTPS }] }],
  egress: [
    DNS,
    { ports: [{ port: 5678 }], to: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'n8n' } } }] },
    { ports: [{ port: 443 }], to: [{ ipBlock: { cidr: '0.0.0.0/0', except: ['169.254.169.254/32'] } }] },
  ],
};

/** Beside n8n's own policy, which lets no other namespace's pods in. */
export const n8nPolicy: kubernetes.types.input.networking.v1.NetworkPolicy = {
  metadata: { name: `n8n-from-${NAME}`, namespace: 'n8n' },
  spec: {
    podSelector: { matchLabels: { 'app.kubernetes.io/name': 'n8n' } },
    policyTypes: ['Ingress'],
    ingress: [
      {
        ports: [{ port: 5678 }],
        from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': NAME } }, ...POD }],
      },
    ],
  },
};
