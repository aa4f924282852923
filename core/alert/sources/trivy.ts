import { z } from 'zod/v4';

import type { Alert, TrustClass } from '../alert';
import { LIMITS, prefixed, presentableFields, presentableName } from '../fields';
import { fingerprint, incidentId } from '../identity';
import { podTarget } from '../resource';
import { parseSeverity } from '../severity';
import { subjectFor, subjectOf } from '../subject';
import { presentable, visible } from '../text';
import { findingsOf, findingsSchema, type Findings } from './trivyFindings';
import { passedOver, type Reading, type Source } from './source';

const LABEL = 'trivy-operator.';

/** A report of Trivy Operator (docs/crds), as it is posted to `OPERATOR_WEBHOOK_BROADCAST_URL`. */
const reportSchema = z.object({
  kind: z.string().nullish(),
  metadata: z.object({
    name: z.string(),
    namespace: z.string().nullish(),
    uid: z.string().nullish(),
    creationTimestamp: z.string().nullish(),
    labels: z.record(z.string(), z.string()).nullish(),
    ownerReferences: z.array(z.object({ kind: z.string(), name: z.string(), uid: z.string() })).nullish(),
  }),
  report: findingsSchema,
});
type Report = z.infer<typeof reportSchema>;

/** The form when deleted reports are sent too (`OPERATOR_SEND_DELETED_REPORTS`). */
const wrappedSchema = z.object({ verb: z.string(), operatorObject: z.unknown() });

/** What Trivy Operator found in a workload's image. Whoever may write its reports writes all of it. */
export const trivy: Source = {
  name: 'Trivy Operator',
  sender: 'reports',
  recognises: (body) => 'operatorObject' in body || ('report' in body && 'metadata' in body),
  read: (body, receivedAt, trust) => {
    if (!('operatorObject' in body)) return readReport(body, receivedAt, trust);
    const { verb, operatorObject } = wrappedSchema.parse(body);
    return verb === 'delete'
      ? passedOver('a report that was deleted says nothing about its image')
      : readReport(operatorObject, receivedAt, trust);
  },
};

function readReport(body: unknown, receivedAt: string, trust: TrustClass): Reading {
  const report = reportSchema.parse(body);
  const findings = findingsOf(report.report);
  if (findings === null)
    return passedOver(`of the reports, those of vulnerabilities and secrets are alerts; this is ${nameOf(report)}`);
  if (findings.serious.length === 0) return passedOver(`the report finds nothing ${findings.threshold}`);
  return { alerts: [toAlert(report, findings, receivedAt, trust)], passedOver: null };
}

function nameOf({ kind, metadata }: Report): string {
  return visible(`${kind ?? 'a report'} ${metadata.name}`, LIMITS.key);
}

function toAlert({ kind, metadata, report }: Report, findings: Findings, receivedAt: string, trust: TrustClass): Alert {
  const label = (name: string) => metadata.labels?.[`${LABEL}${name}`] ?? null;
  const resource = { kind: label('resource.kind'), name: label('resource.name') };
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
  const { rule, serious } = findings;
  return {
    // Of what was found in what, so that the next scan's report of the same (Trivy makes each anew) is the same incident.
    id: incidentId(null, [
      'trivy',
      rule,
      namespace ?? '',
      resource.kind ?? '',
      resource.name ?? '',
      container ?? '',
      ...serious.map(({ id }) => id).toSorted(),
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
    fields: presentableFields({
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
      ...prefixed('summary', report.summary ?? {}),
      findings: serious.map(({ text }) => text).join('; '),
    }),
    output: presentable(
      `${serious.length} ${findings.threshold} in ${image ?? 'an image'} of ${resource.kind ?? 'an object'} ${namespace ?? ''}/${resource.name ?? ''}: ${serious.map(({ id }) => id).join(', ')}`,
      LIMITS.output,
    ),
    fingerprint: fingerprint(
      `${rule} ${namespace ?? ''}/${resource.kind ?? ''}/${resource.name ?? ''}/${container ?? ''}`,
      target,
    ),
    synthetic: false,
  };
}

function timeOf(text: string | null | undefined): string | null {
  const { success, data } = z.iso.datetime({ offset: true }).safeParse(text);
  return success ? new Date(data).toISOString() : null;
}
