import { z } from 'zod/v4';

import { visible } from '../text/sanitize';
import { type Draft, ownFields, prefixed } from './draft';
import { infrastructureOf, textOf } from './fields';
import { fewEntries } from './limits';
import { podTarget } from './resource';
import { priorityOfSeverity } from './severity';
import { oneDraft, skipped, type Source } from './source';
import { subjectOf } from './subject';

const RULE = 'PolicyViolationDetected';
/** Other results (pass, skip) are not violations. policy-reporter sends them if its filter is configured that way. */
const VIOLATIONS: readonly string[] = ['fail', 'warn', 'error'];

/** One result of a PolicyReport, as policy-reporter's webhook target posts it (pkg/target/http/model.go, 2 and 3). */
const resultSchema = z.object({
  message: z.string().nullish(),
  policy: z.string().min(1),
  rule: z.string().nullish(),
  /** Until version 2. */
  priority: z.string().nullish(),
  status: z.string(),
  severity: z.string().nullish(),
  category: z.string().nullish(),
  properties: fewEntries(z.string()).nullish(),
  resource: z.object({
    apiVersion: z.string().nullish(),
    kind: z.string().nullish(),
    name: z.string().nullish(),
    namespace: z.string().nullish(),
    uid: z.string().nullish(),
  }),
  creationTimestamp: z.iso.datetime({ offset: true }),
  /** Since version 3: kyverno, or another engine that writes PolicyReports. */
  source: z.string().nullish(),
});
type Result = z.infer<typeof resultSchema>;

/**
 * Findings of Kyverno, forwarded by policy-reporter. Everyone who may write PolicyReports or objects can write their
 * content.
 */
export const policyReporter = {
  id: 'kyverno',
  label: 'Kyverno',
  noun: 'Policy report',
  format: 'policy-reporter',
  sender: 'reports',
  recognises: (body) => ('policy' in body && 'resource' in body) || isHeartbeat(body),
  read: (body) => {
    if (isHeartbeat(body)) return skipped('a heartbeat of policy-reporter');
    const result = resultSchema.parse(body);
    return VIOLATIONS.includes(result.status)
      ? oneDraft(toDraft(result))
      : skipped(`a result with the status ${visible(result.status, 64)} is not a violation`);
  },
} as const satisfies Source;

function isHeartbeat(body: object): boolean {
  return 'event' in body && body.event === 'heartbeat';
}

function toDraft(result: Result): Draft {
  const { policy, resource, properties } = result;
  const [rule, message] = [result.rule ?? '', result.message ?? ''];
  const { kind = null, namespace = null, name = null, uid = null } = resource;
  return {
    event: identityOf(result),
    rule: RULE,
    priority: priorityOfSeverity(textOf(result.severity) ?? result.priority ?? ''),
    time: result.creationTimestamp,
    target: podTarget({ kind, namespace, name, uid }),
    subject: subjectOf(kind, name, namespace) ?? subjectOf('Policy', policy),
    infrastructure: infrastructureOf(properties ?? {}),
    fields: [
      ...ownFields({
        policy,
        rule,
        status: result.status,
        severity: result.severity ?? null,
        category: result.category ?? null,
        engine: result.source ?? null,
        'resource.apiVersion': resource.apiVersion ?? null,
        'resource.kind': kind,
        'resource.namespace': namespace,
        'resource.name': name,
        'resource.uid': uid,
      }),
      ...prefixed('property', properties ?? {}),
    ],
    output: `${policy}${rule === '' ? '' : `/${rule}`}: ${message}`,
    grouping: `${RULE} ${policy} ${rule}`,
  };
}

/**
 * A result has no id unless its engine provides one. Its time is excluded, because a repeated scan of the same object
 * reports the same finding with another time.
 */
function identityOf({ properties, policy, rule, message, resource, source }: Result): string[] {
  const given = textOf(properties?.resultID);
  if (given !== null) return ['policy-reporter', given];
  const { apiVersion, kind, namespace, name, uid } = resource;
  const object = [apiVersion, kind, namespace, name, uid];
  return ['policy-reporter', ...[source, policy, rule, message, ...object].map((part) => part ?? '')];
}
