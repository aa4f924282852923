/**
 * Names that other systems see: Kubernetes objects, URLs, headers, metrics' job, Loki's stream.
 * Each stands here once; tests/names.test.ts holds manifests, workflows and docs to them.
 */

export const LABELS = {
  /** On a pod: `true` while the quarantine NetworkPolicy selects it. */
  quarantined: 'security/quarantined',
  /** On a namespace: observe | supervised | autonomous. Absent means observe. */
  response: 'security/response',
} as const;

export const QUARANTINED_VALUE = 'true';

export const ANNOTATIONS = {
  incidentId: 'security/incident-id',
  quarantinedAt: 'security/quarantined-at',
  quarantinedUntil: 'security/quarantined-until',
  originalLabels: 'security/original-labels',
} as const;

export const QUARANTINE_POLICY = 'quarantine';

export const NAMESPACES = {
  /** The responder's own. */
  responder: 'n8n',
  falco: 'security',
  monitoring: 'monitoring',
  playground: 'playground',
} as const;

export const SERVICE_ACCOUNT = 'n8n-responder';

/** Alerts from these namespaces escalate; nothing in them is ever acted on, whatever their labels say. */
export const INFRASTRUCTURE_NAMESPACES: ReadonlySet<string> = new Set([
  'kube-system',
  'kube-public',
  'kube-node-lease',
  'kyverno',
  'trivy-system',
  NAMESPACES.monitoring,
  NAMESPACES.falco,
  NAMESPACES.responder,
]);

export const WEBHOOK_PATH = 'security-alerts';
export const SECRET_HEADER = 'X-Alert-Secret';

/** Prometheus job and Loki stream. */
export const JOB = 'incident-pipeline';
