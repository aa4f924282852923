import { z } from 'zod/v4';

import { isSecret } from '../../masking/secretName';
import type { Alert, Scalar, TrustClass } from '../alert';
import { fingerprint, incidentId } from '../identity';
import { parsePriority } from '../priority';
import { readTarget } from '../target';
import { presentable, visible } from '../text';

const LIMITS = { fields: 128, key: 128, value: 2048, output: 4096, tags: 64 } as const;

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
});
type Payload = z.infer<typeof payloadSchema>;

/** Custom fields by which a deployment says where a workload's code lives (Falcosidekick `customfields`; docs/falco.md). */
const INFRASTRUCTURE_FIELD = /^(?:git|pulumi|esc|cluster)_[a-z_]+$/;

/**
 * The field that marks a self-test. Who runs in a pod writes fields' values, never their names: those come from Falco's
 * rules, from Falcosidekick's configuration, or from whoever holds the webhook's secret. Custom fields are texts.
 */
const SYNTHETIC_FIELD = 'synthetic';

/** Whether a body looks like Falcosidekick's, well-formed or not. */
export function isFalcosidekick(body: Record<string, unknown>): boolean {
  return 'rule' in body && 'priority' in body;
}

/** Reads a Falcosidekick payload. Throws zod's error when it is not one. */
export function readFalcosidekick(body: unknown, receivedAt: string, trust: TrustClass): Alert {
  const payload = payloadSchema.parse(body);
  const fields = payload.output_fields ?? {};
  const mark = fields[SYNTHETIC_FIELD];
  const synthetic = mark === true || mark === 'true';
  const { target, problem } = readTarget({
    namespace: text(fields['k8s.ns.name']),
    pod: text(fields['k8s.pod.name']),
    podUid: text(fields['k8s.pod.uid']),
    container: container(fields),
    image: image(fields),
  });
  return {
    id: incidentId(payload.uuid ?? null, [payload.rule, payload.time, payload.hostname ?? '', payload.output ?? '']),
    source: 'falco',
    trust,
    rule: presentable(payload.rule, LIMITS.key),
    priority: parsePriority(payload.priority),
    time: new Date(payload.time).toISOString(),
    receivedAt,
    target,
    targetProblem: problem,
    tags: (payload.tags ?? []).slice(0, LIMITS.tags).map((tag) => presentable(tag, LIMITS.key)),
    infrastructure: infrastructure(fields),
    fields: untrusted(payload, fields, synthetic),
    output: presentable(payload.output ?? '', LIMITS.output),
    // Of the rule's name as it came, so that what is taken for a secret never changes which alerts belong together.
    fingerprint: fingerprint(visible(payload.rule, LIMITS.key), target),
    synthetic,
  };
}

/** Falco writes a missing field as null, "" or "<NA>" (falco#3438). */
function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' && value !== '<NA>' ? value : null;
}

function container(fields: Record<string, unknown>): string | null {
  const name = text(fields['container.name']);
  return name === null ? null : visible(name, LIMITS.value);
}

function image(fields: Record<string, unknown>): string | null {
  const repository = text(fields['container.image.repository']);
  if (repository === null) return null;
  const tag = text(fields['container.image.tag']);
  return visible(tag === null ? repository : `${repository}:${tag}`, LIMITS.value);
}

function infrastructure(fields: Record<string, unknown>): Record<string, string> {
  const entries = Object.entries(fields).flatMap(([key, value]) => {
    const said = text(value);
    return INFRASTRUCTURE_FIELD.test(key) && said !== null
      ? [[key, presentable(said, LIMITS.value, key)] as const]
      : [];
  });
  return Object.fromEntries(entries);
}

function untrusted(payload: Payload, fields: Record<string, unknown>, synthetic: boolean): Record<string, Scalar> {
  const entries = Object.entries({ ...fields, hostname: payload.hostname ?? null })
    // Fields are shown to the model, which should not decide otherwise because it is being tested.
    .filter(([key]) => !(synthetic && key === SYNTHETIC_FIELD))
    .slice(0, LIMITS.fields)
    .map(([key, value]) => [presentable(key, LIMITS.key), toScalar(key, value, text(fields['proc.name']))] as const);
  return Object.fromEntries(entries);
}

function toScalar(key: string, value: unknown, program: string | null): Scalar {
  switch (typeof value) {
    case 'boolean':
      return value;
    case 'number':
      return Number.isFinite(value) && !isSecret(key, String(value))
        ? value
        : presentable(String(value), LIMITS.value, key);
    case 'string':
      return key === 'proc.args' ? programArguments(program, value) : presentable(value, LIMITS.value, key);
    default:
      return value === null || value === undefined ? null : presentable(listed(value), LIMITS.value, key);
  }
}

/** A list or object as JSON. Its texts are masked before they are escaped, by the names they have in it. */
function listed(value: unknown): string {
  return JSON.stringify(value, (name, part: unknown) =>
    typeof part === 'string' ? presentable(part, LIMITS.value, name) : part,
  );
}

/** What an option means depends on the program, which stands in another field. Linux' names have 15 characters. */
function programArguments(program: string | null, said: string): string {
  if (program === null || !/^[\w.+-]{1,15}$/.test(program)) return presentable(said, LIMITS.value);
  const before = program.length + 1;
  return presentable(`${program} ${said}`, before + LIMITS.value).slice(before);
}
