import { z } from 'zod/v4';

import { type Draft, type DraftField, type NamedSubject, ownFields, ProgramArguments } from './draft';
import { FALCO_SNAPSHOT_RULE } from '../names';
import { falcoIdentity } from './falcoIdentity';
import { falcoSubject } from './falcoSubject';
import { infrastructureOf, textOf } from './fields';
import { anyRecord, fewElements, firstEntries, LIMITS } from './limits';
import { oneDraft, type Source } from './source';

/**
 * Falcosidekick's `FalcoPayload` as its webhook output posts it (types/types.go, 2.32 to 2.34). Falcosidekick itself
 * refuses events without `output_fields`, but not every sender does: null is accepted and means "no target".
 */
const payloadSchema = z.object({
  output: z.string().nullish(),
  priority: z.string(),
  rule: z.string().min(1),
  time: z.iso.datetime({ offset: true }),
  output_fields: anyRecord.nullish(),
  tags: fewElements(z.string()).nullish(),
  /** The event source: `syscall`, `k8s_audit`, another plugin's, or `internal` for Falco's own messages. */
  source: z.string().nullish(),
  hostname: z.string().nullish(),
});
type Payload = z.infer<typeof payloadSchema>;

/**
 * The field that marks a self-test. Code in a pod can influence the values of fields, never their names: names come
 * from Falco's rules, from Falcosidekick's configuration, or from a holder of the webhook's secret. Custom fields are
 * texts.
 */
const SYNTHETIC_FIELD = 'synthetic';

/** What a process did, by which user, and when: nothing of it says which pod, rule or priority it is. */
const DIFFER = [
  'uuid',
  'time',
  'output',
  ...['evt', 'proc', 'thread', 'fd', 'fs', 'user', 'group'].map((kind) => `output_fields/${kind}.*`),
];

/** Events that Falco observed, as Falcosidekick posts them. */
export const falcosidekick = {
  id: 'falco',
  label: 'Falco',
  noun: 'Falco rule',
  format: 'Falcosidekick',
  sender: 'falcosidekick',
  differ: DIFFER,
  recognises: (body) => 'rule' in body && 'priority' in body,
  read: (body) => oneDraft(toDraft(payloadSchema.parse(body))),
} as const satisfies Source;

function toDraft(payload: Payload): Draft {
  const { rule, priority, time, tags, source } = payload;
  const [fields, output] = [payload.output_fields ?? {}, payload.output ?? ''];
  const hostname = textOf(payload.hostname);
  const mark = fields[SYNTHETIC_FIELD];
  const synthetic = mark === true || mark === 'true';
  return {
    // Not Falcosidekick's uuid, which Falco's own output does not have.
    event: falcoIdentity({ rule, time, hostname, source, fields }) ?? [rule, time, hostname ?? '', output],
    rule,
    priority,
    time,
    target: {
      namespace: textOf(fields['k8s.ns.name']),
      pod: textOf(fields['k8s.pod.name']),
      podUid: podUid(fields),
      container: textOf(fields['container.name']),
      image: image(fields),
    },
    subject: isSnapshot(payload) ? SENSOR : falcoSubject(fields, hostname ?? textOf(fields.hostname)),
    tags: tags ?? [],
    // Falcosidekick's `customfields` (docs/falco.md).
    infrastructure: infrastructureOf(fields),
    fields: untrusted(payload, fields, synthetic),
    output,
    synthetic,
    facts: fields,
  };
}

/** Every node's Falco sends the snapshot of its counters: together they are one incident, and not one for each node. */
const SENSOR: NamedSubject = { kind: 'Sensor', namespace: null, name: 'Falco' };

function isSnapshot({ rule, source }: Payload): boolean {
  return rule === FALCO_SNAPSHOT_RULE && source === 'internal';
}

/**
 * A static pod's uid is the hash of its file, 32 hexadecimal digits; the API server knows its mirror by another uid.
 * The pod is identified by its name, which ends with its node's name.
 */
function podUid(fields: Record<string, unknown>): string | null {
  const uid = textOf(fields['k8s.pod.uid']);
  return uid !== null && /^[0-9a-f]{32}$/.test(uid) ? null : uid;
}

function image(fields: Record<string, unknown>): string | null {
  const repository = textOf(fields['container.image.repository']);
  if (repository === null) return null;
  const tag = textOf(fields['container.image.tag']);
  return tag === null ? repository : `${repository}:${tag}`;
}

function untrusted(payload: Payload, fields: Readonly<Record<string, unknown>>, synthetic: boolean): DraftField[] {
  const program = textOf(fields['proc.name']);
  // One more than is kept, so that an overflow is detected.
  const others = firstEntries(fields, LIMITS.fields + 1).filter(([name]) => !OURS.includes(name));
  const hostname = textOf(payload.hostname);
  const own = ownFields({
    source: textOf(payload.source),
    hostname: hostname ?? fields.hostname ?? null,
    // Only the event itself names its source. The host may come from both.
    ...('source' in fields ? { 'field.source': fields.source } : {}),
    ...('hostname' in fields && hostname !== null ? { 'field.hostname': fields.hostname } : {}),
    // Fields are shown to the model, which should not decide differently because of a test.
    ...(synthetic || !(SYNTHETIC_FIELD in fields) ? {} : { [SYNTHETIC_FIELD]: fields[SYNTHETIC_FIELD] }),
  });
  return [
    ...own,
    ...others.map(([name, value]) => ({
      name,
      value: name === 'proc.args' && typeof value === 'string' ? programArguments(program, value) : value,
    })),
  ];
}

/** Fields that do not keep their own name. */
const OURS: readonly string[] = [SYNTHETIC_FIELD, 'source', 'hostname'];

/** Program names in Linux have at most 15 characters. */
function programArguments(program: string | null, said: string): unknown {
  return program === null || !/^[\w.+-]{1,15}$/.test(program) ? said : new ProgramArguments(program, said);
}
