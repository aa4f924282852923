import { z } from 'zod/v4';

import type { Alert, Scalar, TrustClass } from '../alert';
import { infrastructureOf, LIMITS, presentableFields, presentableValue, textOf } from '../fields';
import { fingerprint, incidentId } from '../identity';
import { parsePriority } from '../priority';
import { readTarget } from '../target';
import { subjectFor } from '../subject';
import { presentable, visible } from '../text';
import { falcoSubject } from './falcoSubject';
import type { Source } from './source';

/**
 * Falcosidekick's `FalcoPayload` as its webhook output posts it (types/types.go, 2.32 to 2.34).
 * It refuses events without `output_fields` itself, but not every sender does: null is accepted and means "no target".
 */
const payloadSchema = z.object({
  uuid: z.string().nullish(),
  output: z.string().nullish(),
  priority: z.string(),
  rule: z.string().min(1),
  time: z.iso.datetime({ offset: true }),
  output_fields: z.record(z.string(), z.unknown()).nullish(),
  tags: z.array(z.string()).nullish(),
  hostname: z.string().nullish(),
  /** Who saw it: `syscall`, or a plugin such as `k8s_audit` or `aws_cloudtrail`. */
  source: z.string().nullish(),
});
type Payload = z.infer<typeof payloadSchema>;

/**
 * The field that marks a self-test. Who runs in a pod writes fields' values, never their names: those come from Falco's
 * rules, from Falcosidekick's configuration, or from whoever holds the webhook's secret. Custom fields are texts.
 */
const SYNTHETIC_FIELD = 'synthetic';

/** What Falco saw, as Falcosidekick posts it. */
export const falcosidekick: Source = {
  name: 'Falcosidekick',
  sender: 'falcosidekick',
  recognises: (body) => 'rule' in body && 'priority' in body,
  read: (body, receivedAt, trust) => ({
    alerts: [toAlert(payloadSchema.parse(body), receivedAt, trust)],
    passedOver: null,
  }),
};

function toAlert(payload: Payload, receivedAt: string, trust: TrustClass): Alert {
  const fields = payload.output_fields ?? {};
  const mark = fields[SYNTHETIC_FIELD];
  const synthetic = mark === true || mark === 'true';
  const { target, problem } = readTarget({
    namespace: textOf(fields['k8s.ns.name']),
    pod: textOf(fields['k8s.pod.name']),
    podUid: textOf(fields['k8s.pod.uid']),
    container: container(fields),
    image: image(fields),
  });
  return {
    id: incidentId(payload.uuid ?? null, [payload.rule, payload.time, payload.hostname ?? '', payload.output ?? '']),
    source: 'falco',
    trust,
    status: 'firing',
    rule: presentable(payload.rule, LIMITS.key),
    priority: parsePriority(payload.priority),
    time: new Date(payload.time).toISOString(),
    receivedAt,
    target,
    targetProblem: problem,
    subject: subjectFor('falco', target, falcoSubject(fields, payload.hostname)),
    tags: (payload.tags ?? []).slice(0, LIMITS.tags).map((tag) => presentable(tag, LIMITS.key)),
    // Falcosidekick's `customfields` (docs/falco.md).
    infrastructure: infrastructureOf(fields),
    fields: untrusted(payload, fields, synthetic),
    output: presentable(payload.output ?? '', LIMITS.output),
    // Of the rule's name as it came, so that what is taken for a secret never changes which alerts belong together.
    fingerprint: fingerprint(visible(payload.rule, LIMITS.key), target),
    synthetic,
  };
}

function container(fields: Record<string, unknown>): string | null {
  const name = textOf(fields['container.name']);
  return name === null ? null : visible(name, LIMITS.value);
}

function image(fields: Record<string, unknown>): string | null {
  const repository = textOf(fields['container.image.repository']);
  if (repository === null) return null;
  const tag = textOf(fields['container.image.tag']);
  return visible(tag === null ? repository : `${repository}:${tag}`, LIMITS.value);
}

function untrusted(payload: Payload, fields: Record<string, unknown>, synthetic: boolean): Record<string, Scalar> {
  const { [SYNTHETIC_FIELD]: _mark, ...others } = fields;
  const program = textOf(fields['proc.name']);
  return presentableFields(
    // Fields are shown to the model, which should not decide otherwise because it is being tested.
    { ...(synthetic ? others : fields), hostname: payload.hostname ?? null, source: payload.source ?? null },
    (name, value) =>
      name === 'proc.args' && typeof value === 'string'
        ? programArguments(program, value)
        : presentableValue(name, value),
  );
}

/** What an option means depends on the program, which stands in another field. Linux' names have 15 characters. */
function programArguments(program: string | null, said: string): string {
  if (program === null || !/^[\w.+-]{1,15}$/.test(program)) return presentable(said, LIMITS.value);
  const before = program.length + 1;
  return presentable(`${program} ${said}`, before + LIMITS.value).slice(before);
}
