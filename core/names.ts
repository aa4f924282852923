/**
 * Names that other systems see: Kubernetes objects, URLs, headers, the job of metrics, Loki's stream. Each is defined
 * once here; tests/names.test.ts checks manifests, workflows and docs against them.
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
  /** The responder's own namespace. */
  responder: 'n8n',
  falco: 'security',
  monitoring: 'monitoring',
  playground: 'playground',
} as const;

export const SERVICE_ACCOUNT = 'n8n-responder';

/**
 * Administrators who must write the responder's objects impersonate this group for one command; nobody is a member of
 * it.
 */
export const BREAK_GLASS_GROUP = 'security:break-glass';

/** Alerts from these namespaces escalate; nothing in them is ever changed, regardless of their labels. */
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
  incidents: 'incidents',
  exceptions: 'exceptions',
} as const;

/** The name of the only ResponsePolicy object. */
export const RESPONSE_POLICY = 'default';

export const WEBHOOK_PATH = 'security-alerts';
/** The path of the trigger that PagerDuty posts to. */
export const PAGERDUTY_PATH = 'pagerduty';
/** Paths of n8n's forms, behind its login: where a person decides, and where they get an incident's report. */
export const FORM_PATHS = { approvals: 'incident-approvals', report: 'incident-report' } as const;
export const SECRET_HEADER = 'X-Alert-Secret';

/** Headers between n8n and the gate before it (gate/repeats/permit.ts); neither reaches a sender. */
export const GATE_HEADERS = { permit: 'X-Gate-Repeats', count: 'X-Gate-Count', urgent: 'X-Gate-Urgent' } as const;

/** The rule by which Falco sends the snapshot of its own counters (userspace/falco/stats_writer.cpp): the pipeline's heartbeat. */
export const FALCO_SNAPSHOT_RULE = 'Falco internal: metrics snapshot';

/** The file of n8n's folder in which counts and waiting log lines are, where no database has them. */
export const OUTPUT_FILE = 'storage/n8n-nodes-incident-pipeline/outputs.sqlite';
/** The file of n8n's folder in which a model's answers are that may be reused, where no database has them. */
export const ANSWER_FILE = 'storage/n8n-nodes-incident-pipeline/answers.sqlite';

/** Prometheus job and Loki stream. */
export const JOB = 'incident-pipeline';

/**
 * Where n8n serves the pages of docs/ from this package (pages/): of a package it serves pictures alone, so each page is an SVG. The
 * codex files of the nodes name them, too, with a `#` at the end: n8n appends a query, which its server would take for a part
 * of the file's name.
 */
export const DOCS_AT = '/icons/n8n-nodes-incident-pipeline/dist/docs';
