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

/** People who have to write what is the responder's impersonate this group for one command; nobody is a member of it. */
export const BREAK_GLASS_GROUP = 'security:break-glass';

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

/** The responder's own records in the Kubernetes API. `.internal` is reserved for private use. */
export const CUSTOM_RESOURCES = {
  group: 'incident-pipeline.internal',
  version: 'v1alpha1',
  apiVersion: 'incident-pipeline.internal/v1alpha1',
  quarantines: 'quarantines',
  approvals: 'approvals',
  responsePolicies: 'responsepolicies',
  neoTasks: 'neotasks',
} as const;

/** The one ResponsePolicy object. */
export const RESPONSE_POLICY = 'default';

export const WEBHOOK_PATH = 'security-alerts';
/** Of the trigger that PagerDuty posts to. */
export const PAGERDUTY_PATH = 'pagerduty';
export const SECRET_HEADER = 'X-Alert-Secret';

/** Prometheus job and Loki stream. */
export const JOB = 'incident-pipeline';
