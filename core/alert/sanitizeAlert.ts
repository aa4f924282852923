import type { Alert, Scalar } from '../incident/alert';
import { type Subject, SUBJECT_LIMITS, targetSubject } from '../incident/subject';
import type { DraftField } from '../sources/draft';
import { LIMITS, TEXT_LIMITS } from '../sources/limits';
import type { Steps } from '../steps';
import { brief } from '../text/sanitize';
import { type Known, type Sanitized, sanitizeParts } from './sanitizeParts';
import type { Part } from './sanitizeValue';

/** An alert whose rule, output, subject, tags, infrastructure and fields are neither bounded nor masked. */
export type RawAlert = Omit<Alert, 'fields'> & { fields: readonly DraftField[] };

/** The parts at the beginning of each alert that come before all others: rule, output and subject. */
const HEAD = 5;

/** An alert that may be stored and shown. At most `room` characters of its texts are masked. */
export function* sanitizeAlert(raw: RawAlert, room: number, known: Known): Steps<Sanitized<Alert>> {
  const tags = raw.tags.slice(0, LIMITS.tags);
  const parts = [
    { name: '', value: raw.rule, limit: LIMITS.key },
    { name: '', value: raw.output, limit: LIMITS.output },
    ...subjectParts(raw.subject),
    ...tags.map((value) => ({ name: '', value, limit: LIMITS.key })),
    ...infrastructureParts(raw.infrastructure),
    ...fieldParts(raw.fields),
  ];
  const { result, spent, cut } = yield* sanitizeParts(parts, room, known, HEAD);
  const [rule = '', output = '', kind = '', namespace = null, name = '', ...others] = result;
  const tagged = others.splice(0, tags.length);
  const located = others.splice(0, Object.keys(raw.infrastructure).length);
  const fields = fieldsOf(raw.fields, others);
  const left = leftOut(raw.fields.length, cut ? room : null);
  return {
    result: {
      ...raw,
      rule: String(rule),
      output: String(output),
      subject: subjectFrom(raw, { kind, namespace, name }),
      tags: tagged.map(String),
      infrastructure: infrastructureFrom(raw.infrastructure, located),
      fields: left === null ? fields : { ...fields, leftOut: left },
    },
    spent,
  };
}

/** Sanitizes fields and infrastructure that are added to an alert later. */
export function* sanitizeFields(
  fields: readonly DraftField[],
  infrastructure: Readonly<Record<string, string>>,
  room: number = TEXT_LIMITS.alert,
): Steps<Pick<Alert, 'fields' | 'infrastructure'>> {
  const parts = [...infrastructureParts(infrastructure), ...fieldParts(fields)];
  const { result, cut } = yield* sanitizeParts(parts, room, new Map());
  const located = result.splice(0, Object.keys(infrastructure).length);
  const left = leftOut(fields.length, cut ? room : null);
  return {
    infrastructure: infrastructureFrom(infrastructure, located),
    fields: { ...fieldsOf(fields, result), ...(left === null ? {} : { leftOut: left }) },
  };
}

function subjectParts({ kind, namespace, name }: Subject): Part[] {
  return [
    { name: '', value: kind, limit: SUBJECT_LIMITS.kind },
    { name: '', value: namespace, limit: SUBJECT_LIMITS.name },
    { name: '', value: name, limit: SUBJECT_LIMITS.name },
  ];
}

/** The target pod's name has the form of Kubernetes' names; it stays unchanged, so that people find the pod. */
function subjectFrom({ subject, target }: RawAlert, { kind, namespace, name }: Record<keyof Subject, Scalar>): Subject {
  if (target !== null && subject.kind === 'Pod' && subject.name === target.pod) return targetSubject(target);
  return {
    kind: brief(String(kind), SUBJECT_LIMITS.kind),
    namespace: subject.namespace === null ? null : brief(String(namespace), SUBJECT_LIMITS.name),
    name: brief(String(name), SUBJECT_LIMITS.name),
  };
}

function infrastructureParts(infrastructure: Readonly<Record<string, string>>): Part[] {
  return Object.entries(infrastructure).map(([name, value]) => ({ name, value, limit: LIMITS.value }));
}

function infrastructureFrom(
  infrastructure: Readonly<Record<string, string>>,
  values: readonly Scalar[],
): Record<string, string> {
  return Object.fromEntries(Object.keys(infrastructure).map((name, index) => [name, String(values[index] ?? '')]));
}

/** A name is masked before it gets its prefix, because the prefix would change how its beginning is matched. */
function fieldParts(fields: readonly DraftField[]): Part[] {
  return fields.slice(0, LIMITS.fields).flatMap(({ name, value }) => [
    { name: '', value: name, limit: LIMITS.key },
    { name, value, limit: LIMITS.value },
  ]);
}

/** `sanitized` alternates between field names and values. */
function fieldsOf(fields: readonly DraftField[], sanitized: readonly Scalar[]): Alert['fields'] {
  const entries = fields.slice(0, LIMITS.fields).map(({ prefix }, index) => {
    const name = String(sanitized[2 * index] ?? '');
    return [prefix === undefined ? name : `${prefix}.${name}`, sanitized[2 * index + 1] ?? null] as const;
  });
  return Object.fromEntries(entries);
}

function leftOut(fields: number, room: number | null): string | null {
  const reasons = [
    ...(fields > LIMITS.fields ? [`fields beyond the first ${LIMITS.fields}`] : []),
    ...(room === null ? [] : [`texts beyond ${room} characters in all`]),
  ];
  return reasons.length === 0 ? null : reasons.join('; ');
}
