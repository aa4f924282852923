/**
 * What WORKSHOP_SCENARIOS.md has a participant do, and no more: tests/workshop.test.ts holds the one to the other. No
 * Secrets: n8n's hold tokens of PagerDuty and Pulumi.
 */
export interface Rule {
  apiGroups: string[];
  resources: string[];
  verbs: string[];
  resourceNames?: string[];
}

const SEE = ['get', 'list', 'watch'];
/** kubectl asks for a websocket with GET, older ones for a stream with POST; Kubernetes 1.35 wants the right to both. */
const ENTER = ['get', 'create'];

/** In all of the cluster. */
export const EVERYWHERE: Rule[] = [
  { apiGroups: [''], resources: ['namespaces', 'nodes', 'pods', 'services', 'events'], verbs: SEE },
  { apiGroups: ['apps'], resources: ['deployments', 'replicasets', 'daemonsets', 'statefulsets'], verbs: SEE },
  { apiGroups: ['batch'], resources: ['jobs'], verbs: SEE },
  { apiGroups: ['aquasecurity.github.io'], resources: ['vulnerabilityreports'], verbs: SEE },
  { apiGroups: ['wgpolicyk8s.io'], resources: ['policyreports'], verbs: SEE },
  { apiGroups: ['incident-pipeline.internal'], resources: ['neotasks'], verbs: SEE },
];

const LOGS: Rule = { apiGroups: [''], resources: ['pods/log'], verbs: ['get'] };
const PORTS: Rule = { apiGroups: [''], resources: ['pods/portforward'], verbs: ENTER };
const SHELL: Rule = { apiGroups: [''], resources: ['pods/exec'], verbs: ENTER };

/** Beside that, by namespace. */
export const BY_NAMESPACE: Record<string, Rule[]> = {
  default: [
    LOGS,
    SHELL, // into vulnerable-nginx alone, see ENTERED
    {
      apiGroups: ['apps'],
      resources: ['deployments/scale'],
      resourceNames: ['vulnerable-nginx', 'privileged-pod'],
      verbs: ['get', 'update', 'patch'],
    },
    { apiGroups: ['aquasecurity.github.io'], resources: ['vulnerabilityreports'], verbs: ['delete'] },
  ],
  playground: [LOGS, SHELL],
  security: [LOGS, { apiGroups: [''], resources: ['configmaps'], verbs: SEE }],
  monitoring: [LOGS, PORTS],
  n8n: [LOGS, PORTS],
  kyverno: [LOGS],
  'trivy-system': [LOGS],
};

/** Pods whose shell a participant may have, in CEL. A shell in privileged-pod is root on its node, Secrets included. */
export const ENTERED = "request.namespace == 'playground' || request.name.startsWith('vulnerable-nginx-')";
