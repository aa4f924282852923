/** A fact for a person's decision, and the fields that hold it. */
export interface FactRow {
  /** Its name for people. */
  name: string;
  /** Its parts in order; of each part, the first field that has a value. */
  parts: readonly (readonly string[])[];
  /** The separator between two parts. */
  join?: string;
  /** The pattern that the value must match. */
  when?: RegExp;
}

/**
 * In order of importance. A field appears in at most one row: the first that uses it. Names are Falco's (falco.org,
 * "Supported Fields"), its plugins' (falcosecurity/plugins), and those that core/sources gives the reports'
 * fields.
 */
export const FACT_ROWS: readonly FactRow[] = [
  // System calls
  { name: 'Command', parts: [['proc.cmdline', 'proc.exeline', 'proc.exepath', 'proc.name']] },
  {
    name: 'Started by',
    parts: [
      ['proc.pcmdline', 'proc.pname'],
      ['proc.acmdline[2]', 'proc.aname[2]'],
      ['proc.acmdline[3]', 'proc.aname[3]'],
      ['proc.acmdline[4]', 'proc.aname[4]'],
    ],
    join: ' <- ',
  },
  { name: 'Program', parts: [['proc.exepath']] },
  { name: 'User', parts: [['user.name'], ['user.uid']], join: ', uid ' },
  { name: 'Login user', parts: [['user.loginname']] },
  { name: 'Connection', parts: [['fd.name']], when: /->/ },
  { name: 'File', parts: [['fd.name', 'fs.path.name', 'evt.arg.path', 'evt.arg.name']] },

  // Requests to the Kubernetes API
  { name: 'User', parts: [['ka.user.name'], ['ka.impuser.name']], join: ' as ' },
  { name: 'Request', parts: [['ka.verb'], ['ka.target.resource'], ['ka.target.subresource']], join: ' ' },
  { name: 'Command', parts: [['ka.uri.param[command]']] },
  { name: 'Path', parts: [['ka.uri']] },
  {
    name: 'Images',
    parts: [['ka.req.pod.containers.image', 'ka.req.container.image', 'ka.req.pod.ephemeralContainers.image']],
  },
  {
    name: 'Grants',
    parts: [['ka.req.binding.role', 'ka.req.role.rules'], ['ka.req.binding.subjects']],
    join: ' to ',
  },
  { name: 'Address', parts: [['ka.sourceips']] },
  { name: 'Answer', parts: [['ka.response.code'], ['ka.response.reason']], join: ' ' },
  { name: 'Allowed because', parts: [['ka.auth.reason']] },
  { name: 'Namespace', parts: [['ka.target.namespace']] },

  // Clouds and accounts
  {
    name: 'User',
    parts: [
      [
        'ct.originaluser',
        'ct.user',
        'ct.user.arn',
        'gcp.user',
        'okta.actor.name',
        'okta.actor.alternateid',
        'github.user',
      ],
    ],
  },
  { name: 'Address', parts: [['ct.srcip', 'gcp.callerIP', 'okta.client.ip']] },
  { name: 'Event', parts: [['ct.name', 'gcp.methodName', 'okta.evt.type', 'github.type', 'github.action']] },
  { name: 'Service', parts: [['ct.src', 'gcp.serviceName'], ['ct.region']], join: ', ' },
  { name: 'Error', parts: [['ct.error'], ['ct.errormessage']], join: ': ' },

  // Reports
  {
    name: 'Policy',
    parts: [
      ['policy', 'label.policy_name'],
      ['rule', 'label.rule_name'],
    ],
    join: '/',
  },
  { name: 'Category', parts: [['category']] },
  { name: 'Findings', parts: [['findings']] },
  { name: 'Urgency', parts: [['incident.urgency'], ['incident.priority']], join: ', ' },
  { name: 'PagerDuty', parts: [['incident.url']] },

  // Where it runs
  {
    name: 'Image',
    parts: [
      ['container.image.repository', 'container.image', 'label.image', 'image'],
      ['container.image.tag', 'label.tag'],
    ],
    join: ':',
  },
  { name: 'Container', parts: [['container.name', 'container']] },
  { name: 'System call', parts: [['evt.type']] },
  { name: 'Cluster', parts: [['cluster_name', 'label.cluster', 'ka.cluster.name']] },
];

/** Fields that repeat what is shown beside the facts (rule, priority, subject, time), or that only programs read. */
export const NO_FACTS: readonly RegExp[] = [
  /^evt\.(?:time|num|rawtime|datetime|pluginname|plugininfo)/,
  /^k8s\.(?:ns\.name|pod\.(?:name|uid|full_uid))$/,
  /^user\.loginuid$/,
  /^proc\.(?:name|pname|tty|exeline|acmdline|aname)/,
  /^container\.(?:id|full_id)$/,
  /^fd\.(?:[lrcs]port|l4proto|proto|type|typechar|num)$/,
  /^ka\.target\.name$/,
  /^(?:label|annotation)\.(?:alertname|severity|summary|description|message|prometheus|endpoint|uid|namespace)$/,
  /^(?:receiver|groupKey|generatorURL|endsAt|severity|status|digest|source|engine|hostname)$/,
  /^(?:report|resource|summary|event|service)\./,
  /^incident\.(?:id|number|status|dedup_id|created_at|assignees|escalation_policy)$/,
  /^property\.resultID$/,
  /^(?:git|pulumi|esc|cluster)_/,
];

/** Prefixes that sources add to names chosen by senders. */
export const PREFIX = /^(?:label|annotation|property)\./;
