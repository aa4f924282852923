import { z } from 'zod/v4';

import { visible } from '../text/sanitize';
import { type Draft, ownFields, prefixed } from './draft';
import { nameOf, textOf } from './fields';
import { fewElements, fewEntries, isRecord, LIMITS } from './limits';
import { podTarget } from './resource';
import { priorityOfSeverity } from './severity';
import { type DraftReading, oneDraft, skipped, type Source } from './source';
import { subjectOf } from './subject';
import { timeOf } from './time';
import { type Findings, findingsOf, findingsSchema } from './trivyFindings';

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
export const trivy = {
  id: 'trivy',
  label: 'Trivy Operator',
  noun: 'Trivy report',
  format: 'Trivy Operator',
  sender: 'reports',
  recognises: (body) =>
    'operatorObject' in body || ('report' in body && 'metadata' in body) || isOtherKind(body) || isCompliance(body),
  read: (body) => {
    if (!('operatorObject' in body)) return readReport(body);
    const { verb, operatorObject } = wrappedSchema.parse(body);
    return verb === 'delete'
      ? skipped('a report that was deleted says nothing about its image')
      : readReport(operatorObject);
  },
} as const satisfies Source;

/** Whether a body is an object of Trivy Operator of a kind that cannot become an alert, whatever its content is. */
function isOtherKind(body: unknown): boolean {
  return otherKindSchema.safeParse(body).success;
}

const otherKindSchema = z.object({
  apiVersion: z.string().startsWith('aquasecurity.github.io/'),
  kind: z.string().regex(/^(?!.*(?:Vulnerability|ExposedSecret)Report$)\w+$/),
  metadata: z.object({ name: z.string() }),
});

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

function readReport(body: unknown): DraftReading {
  if (isCompliance(body))
    return skipped(`${OTHERS}${titleOf(complianceSchema.parse(body), 'ClusterComplianceReport')}`);
  if (isOtherKind(body)) return skipped(`${OTHERS}${titleOf(otherKindSchema.parse(body))}`);
  const report = reportSchema.parse(body);
  const findings = findingsOf(report.report);
  if (findings === null) return skipped(`${OTHERS}${titleOf(report)}`);
  if (findings.count === 0) return skipped(`the report contains no ${findings.threshold}`);
  return oneDraft(toDraft(report, findings));
}

function titleOf(
  { kind, metadata }: Pick<Report, 'kind'> & { metadata: { name: string } },
  unnamed = 'a report',
): string {
  return visible(`${textOf(kind) ?? unnamed} ${metadata.name}`, LIMITS.key);
}

function toDraft({ kind, metadata, report }: Report, findings: Findings): Draft {
  // A value that is not valid for a label, such as a name of more than 63 characters, is in the annotation of that
  // name.
  const label = (name: string) =>
    metadata.labels?.[`${LABEL}${name}`] ?? metadata.annotations?.[`${LABEL}${name}`] ?? null;
  const kindOfResource = label('resource.kind');
  const owners = (metadata.ownerReferences ?? []).filter(({ kind }) => kind === kindOfResource);
  const resource = { kind: kindOfResource, name: label('resource.name') ?? owners[0]?.name ?? null };
  // If the name is not given, its hash still distinguishes two objects.
  const identity = resource.name ?? label('resource.name-hash') ?? '';
  const namespace = label('resource.namespace') ?? metadata.namespace ?? null;
  const owner = owners.find(({ name }) => name === resource.name);
  const container = label('container.name');
  const { registry, artifact } = report;
  const repository = [registry?.server, artifact?.repository].filter((part) => part).join('/');
  const image = nameOf(`${repository}${artifact?.tag ? `:${artifact.tag}` : ''}`);
  const { rule } = findings;
  return {
    // From the finding and its object, so that the next scan's report (Trivy creates a new one each time) is the same
    // incident.
    event: ['trivy', rule, namespace ?? '', resource.kind ?? '', identity, container ?? '', ...findings.ids.toSorted()],
    rule,
    priority: priorityOfSeverity(findings.worst),
    time: timeOf(report.updateTimestamp) ?? metadata.creationTimestamp,
    target: podTarget({ ...resource, namespace, uid: owner?.uid ?? null }, container, image),
    subject: subjectOf(resource.kind, resource.name, namespace) ?? subjectOf('Image', image),
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
    grouping: `${rule} ${namespace ?? ''}/${resource.kind ?? ''}/${identity}/${container ?? ''}`,
  };
}
