import type { WrongAnswer } from '../http/service';

const PUSH = '/loki/api/v1/push';

/** What to do about what Loki says (pkg/validation/validate.go, pkg/ingester, 3.x). */
const STEPS: readonly (readonly [said: RegExp, step: string])[] = [
  [
    /timestamp too (?:old|new)/i,
    'The clocks of n8n and Loki differ: a line has the time at which n8n sends it. Compare them (date -u), and correct the one that is off.',
  ],
  [
    /too far behind|out of order/i,
    'Another n8n has written a later time into this stream: compare the clocks of all that push there, and correct the one that is ahead. Until its time has come Loki refuses the others.',
  ],
  [
    /Max entry size/i,
    "Raise limits_config.max_line_size in Loki's configuration to 256KB: a line of the pipeline holds up to 250 kB.",
  ],
  [
    /structured metadata, but this feature is disallowed|allow_structured_metadata/i,
    "Set limits_config.allow_structured_metadata in Loki's configuration to true, with a schema_config of version v13 and tsdb.",
  ],
  [
    /structured metadata too large|too many structured metadata/i,
    "Raise limits_config.max_structured_metadata_size and max_structured_metadata_entries_count in Loki's configuration to their defaults of 64KB and 128.",
  ],
  [
    /label names; limit|label (?:name|value) too long/i,
    "Raise limits_config.max_label_names_per_series in Loki's configuration: a stream of the pipeline has three labels.",
  ],
  [
    /missing required labels/i,
    'Take the pipeline\'s stream {job="incident-pipeline"} out of limits_config.enforced_labels in Loki\'s configuration.',
  ],
  [
    /ingestion blocked/i,
    "Loki's administrator has blocked this tenant (limits_config.block_ingestion_until): ask for it to be lifted, or set another Tenant in the Loki credential.",
  ],
  [
    /rate limit exceeded|stream limit exceeded/i,
    "Loki's limits for this tenant are used up. Raise limits_config.ingestion_rate_mb, per_stream_rate_limit or max_global_streams_per_user, whichever its answer names.",
  ],
  [
    /live replicas|empty ring|unhealthy instances|no healthy/i,
    'Loki has no ingester that is ready: look at the pods and logs of Loki, then run the step again.',
  ],
  [
    /max entries limit/i,
    "Raise limits_config.max_entries_limit_per_query in Loki's configuration to 1000 or more: so many lines are read at once.",
  ],
  [
    /query time range exceeds/i,
    "Raise limits_config.max_query_length in Loki's configuration to 25h or more: so much time is read at once.",
  ],
  [
    /too many outstanding requests/i,
    'Loki has more queries than it can answer. What was not read is read by the next run; if this goes on, raise query_scheduler.max_outstanding_requests_per_tenant.',
  ],
  [
    /parse error|syntax error|queries require at least one regexp or equality matcher/i,
    'Correct Selector in the node: a stream selector such as {job="falco"}.',
  ],
  [/tenant id|org id/i, "Correct Tenant in the Loki credential: one name of letters, digits and !-_.*'()."],
];

const NOT_LOKI =
  'Loki has nothing to say about lines that it took, so this is another server, which may have kept nothing: set the URL in the Loki credential to the address of Loki itself.';

/** What to do about an answer of Loki's own; null for those that any server may give. */
export function explainLoki({ url, tenant }: { url: string; tenant: string }) {
  return ({ status, text, page }: WrongAnswer): string | null => {
    if (page !== null || (status >= 300 && status < 400)) return null;
    // Whatever user and password are: Loki itself asks for none.
    if (/no org id/i.test(text))
      return tenant === ''
        ? 'This Loki has tenants: set Tenant in the Loki credential, which is sent as the header X-Scope-OrgID.'
        : 'The tenant did not arrive: let the proxy in front of Loki pass the header X-Scope-OrgID on.';
    if ((status === 404 || status === 405) && url.includes('/loki/api'))
      return `Take ${url.slice(url.indexOf('/loki/api'))} off the URL in the Loki credential: ${PUSH} is added to it.`;
    const step = STEPS.find(([said]) => said.test(text))?.[1] ?? null;
    return step ?? (status < 300 ? NOT_LOKI : null);
  };
}
