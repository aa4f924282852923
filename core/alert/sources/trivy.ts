import { z } from 'zod/v4';

import type { TrustClass } from '../../incident/alert';
import { type Draft, ownFields, prefixed } from '../draft';
import { presentableName, textOf } from '../fields';
import { fingerprint, incidentId } from '../identity';
import { fewElements, fewEntries, isRecord, LIMITS } from '../limits';
import { podTarget } from '../resource';
import { parseSeverity } from '../severity';
import { subjectFor, subjectOf } from '../../incident/subject';
import { visible } from '../../text/sanitize';
import { timeOf } from '../time';
import { findingsOf, findingsSchema, type Findings } from './trivyFindings';
import { type DraftReading, oneDraft, skipped, type Source } from './source';

const LABEL = 'trivy-operator.';
/** Findings that the text names; more would not be shown. */
const MOST_NAMED = 500;
const OTHERS = 'only reports of vulnerabilities and secrets are alerts; this is ';

/** A report of Trivy Operator (docs/crds), as it is posted to `OPERATOR_WEBHOOK_BROADCAST_URL`. */
const reportSchema = z.object({
  kind: z.string().nullish(),
  metadata: z.object({
    name: z.string(),
    namespace: z.string().nullish(),
    uid: z.string().nullish(),
    creationTimestamp: z.string().nullish(),
    labels: fewEntries(z.string()).nullish(),
    annotations: fewEntries(z.string()).nullish(),
    ownerReferences: fewElements(z.object({ kind: z.string(), name: z.string(), uid: z.string() })).nullish(),
  }),
  report: findingsSchema,
});
type Report = z.infer<typeof reportSchema>;

/** The format if deleted reports are sent too (`OPERATOR_SEND_DELETED_REPORTS`). */
const wrappedSchema = z.object({ verb: z.string(), operatorObject: z.unknown() });

/** Findings of Trivy Operator in a workload's image. Everyone who may write its reports can write all of it. */
export const trivy: Source = {
  name: 'Trivy Operator',
  sender: 'reports',
  recognises: (body) => 'operatorObject' in body || ('report' in body && 'metadata' in body) || isCompliance(body),
  read: (body, receivedAt, trust) => {
    if (!('operatorObject' in body)) return readReport(body, receivedAt, trust);
    const { verb, operatorObject } = wrappedSchema.parse(body);
    return verb === 'delete'
      ? skipped('a report that was deleted says nothing about its image')
      : readReport(operatorObject, receivedAt, trust);
  },
};

/**
 * A ClusterComplianceReport has no findings of its own: it contains a benchmark's requirements and the number of failed
 * checks.
 */
const complianceSchema = z.object({
  kind: z.string().nullish(),
  metadata: z.object({ name: z.string() }),
  spec: z.object({ compliance: z.object({}) }),
});

function isCompliance(body: unknown): boolean {
  return isRecord(body) && !('report' in body) && complianceSchema.safeParse(body).success;
}

function readReport(body: unknown, receivedAt: string, trust: TrustClass): DraftReading {
  if (isCompliance(body)) return skipped(`${OTHERS}${nameOf(complianceSchema.parse(body), 'ClusterComplianceReport')}`);
  const report = reportSchema.parse(body);
  const findings = findingsOf(report.report);
  if (findings === null) return skipped(`${OTHERS}${nameOf(report)}`);
  if (findings.count === 0) return skipped(`the report contains no ${findings.threshold}`);
  return oneDraft(toAlert(report, findings, receivedAt, trust));
}

function nameOf(
  { kind, metadata }: Pick<Report, 'kind'> & { metadata: { name: string } },
  unnamed = 'a report',
): string {
  return visible(`${textOf(kind) ?? unnamed} ${metadata.name}`, LIMITS.key);
}

function toAlert({ kind, metadata, report }: Report, findings: Findings, receivedAt: string, trust: TrustClass): Draft {
  // A value that is not valid for a label, such as a name of more than 63 characters, is in the annotation of that
  // name.
  const label = (name: string) =>
    metadata.labels?.[`${LABEL}${name}`] ?? metadata.annotations?.[`${LABEL}${name}`] ?? null;
  const resource = { kind: label('resource.kind'), name: label('resource.name') };
  // If the name is not given, its hash still distinguishes two objects.
  const identity = resource.name ?? label('resource.name-hash') ?? '';
  const namespace = label('resource.namespace') ?? metadata.namespace ?? null;
  const owner = metadata.ownerReferences?.find(({ kind, name }) => kind === resource.kind && name === resource.name);
  const container = label('container.name');
  const { registry, artifact } = report;
  const repository = [registry?.server, artifact?.repository].filter((part) => part).join('/');
  const image = presentableName(`${repository}${artifact?.tag ? `:${artifact.tag}` : ''}`);
  const { target, problem } = podTarget(
    { ...resource, namespace, uid: owner?.uid ?? null },
    presentableName(container),
    image,
  );
  const { rule } = findings;
  return {
    // From the finding and its object, so that the next scan's report (Trivy creates a new one each time) is the same
    // incident.
    id: incidentId(null, [
      'trivy',
      rule,
      namespace ?? '',
      resource.kind ?? '',
      identity,
      container ?? '',
      ...findings.ids.toSorted(),
    ]),
    source: 'trivy',
    trust,
    status: 'firing',
    rule,
    priority: parseSeverity(findings.worst),
    time: timeOf(report.updateTimestamp) ?? timeOf(metadata.creationTimestamp) ?? receivedAt,
    receivedAt,
    target,
    targetProblem: problem,
    subject: subjectFor(
      'trivy',
      target,
      subjectOf(resource.kind, resource.name, namespace) ?? subjectOf('Image', image),
    ),
    tags: [],
    infrastructure: {},
    fields: [
      ...ownFields({
        'report.kind': kind ?? null,
        'report.name': metadata.name,
        'report.namespace': metadata.namespace ?? null,
        'report.uid': metadata.uid ?? null,
        'resource.kind': resource.kind,
        'resource.namespace': namespace,
        'resource.name': resource.name,
        container,
        image,
        digest: artifact?.digest ?? null,
        findings: findings.texts.join('; '),
      }),
      ...prefixed('summary', report.summary ?? {}),
    ],
    output: `${findings.count} ${findings.threshold} in ${image ?? 'an image'} of ${resource.kind ?? 'an object'} ${namespace ?? ''}/${resource.name ?? ''}: ${findings.ids.slice(0, MOST_NAMED).join(', ')}`,
    fingerprint: fingerprint(
      `${rule} ${namespace ?? ''}/${resource.kind ?? ''}/${identity}/${container ?? ''}`,
      target,
    ),
    synthetic: false,
  };
}
