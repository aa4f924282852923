import type { Steps } from '../steps';
import type { Alert, Scalar } from '../incident/alert';
import type { Draft, DraftField } from './draft';
import { LIMITS, TEXT_LIMITS } from './limits';
import { costOf, type Part, sanitizePart } from './sanitizeValue';
import { type Subject, SUBJECT_LIMITS, targetSubject } from '../incident/subject';
import { brief } from '../text/sanitize';

/** The values of a body that are already sanitized: a repeated value, such as its group's name, costs nothing again. */
type Known = Map<string, Scalar>;

interface Sanitized<T> {
  result: T;
  /** Characters that were read. */
  spent: number;
}

/** The alerts of a body, ready to be stored and shown. Each gets an equal share of the masking budget of a body. */
export function* sanitizeAlerts(drafts: Iterable<Draft>, count: number): Steps<Alert[]> {
  const known: Known = new Map();
  const alerts: Alert[] = [];
  let room: number = TEXT_LIMITS.body;
  for (const draft of drafts) {
    const share = Math.min(TEXT_LIMITS.alert, Math.floor(room / Math.max(1, count - alerts.length)));
    const { result, spent } = yield* sanitizeAlert(draft, share, known);
    room -= spent;
    alerts.push(result);
    yield;
  }
  return alerts;
}

function* sanitizeAlert(draft: Draft, room: number, known: Known): Steps<Sanitized<Alert>> {
  const tags = draft.tags.slice(0, LIMITS.tags);
  const parts = [
    { name: '', value: draft.rule, limit: LIMITS.key },
    { name: '', value: draft.output, limit: LIMITS.output },
    ...subjectParts(draft.subject),
    ...tags.map((value) => ({ name: '', value, limit: LIMITS.key })),
    ...infrastructureParts(draft.infrastructure),
    ...fieldParts(draft.fields),
  ];
  const { result, spent, cut } = yield* sanitizeParts(parts, room, known, HEAD);
  const [rule = '', output = '', kind = '', namespace = null, name = '', ...others] = result;
  const tagged = others.splice(0, tags.length);
  const located = others.splice(0, Object.keys(draft.infrastructure).length);
  const fields = fieldsOf(draft.fields, others);
  const left = leftOut(draft.fields.length, cut ? room : null);
  return {
    result: {
      ...draft,
      rule: String(rule),
      output: String(output),
      subject: subjectFrom(draft, { kind, namespace, name }),
      tags: tagged.map(String),
      infrastructure: infrastructureFrom(draft.infrastructure, located),
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
function subjectFrom({ subject, target }: Draft, { kind, namespace, name }: Record<keyof Subject, Scalar>): Subject {
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

function* sanitizeParts(
  parts: readonly Part[],
  room: number,
  known: Known,
  head = 0,
): Steps<Sanitized<Scalar[]> & { cut: boolean }> {
  const keys = parts.map(keyOf);
  const costs = parts.map((part, index) => (known.has(keys[index] ?? '') ? 0 : costOf(part)));
  const allowed = allowances(costs, room, head);
  const result: Scalar[] = [];
  let spent = 0;
  for (const [index, part] of parts.entries()) {
    const [key = '', most = 0, cost = 0] = [keys[index], allowed[index], costs[index]];
    const before = known.get(key);
    if (before !== undefined) {
      result.push(before);
      continue;
    }
    const shown = sanitizePart(part, most);
    result.push(shown);
    if (most === cost) known.set(key, shown);
    spent += most;
    yield;
  }
  return { result, spent, cut: allowed.some((most, index) => most < (costs[index] ?? 0)) };
}

/** Two parts with the same key look the same when shown. Lists and objects are not compared. */
function keyOf({ name, value, limit }: Part, index: number): string {
  if (typeof value !== 'string') return `#${index}`;
  const read = costOf({ name, value, limit });
  return `${limit} ${name.length} ${value.length} ${name} ${value.slice(0, read)}`;
}

/** The parts at the beginning of each alert that come before all others: rule, output and subject. */
const HEAD = 5;

/**
 * How many characters may be read of each part. The head comes first, then the shortest parts: an attacker in the pod
 * can make a text long, and a long text must not displace the others. So the longest parts are cut.
 */
function allowances(costs: readonly number[], room: number, head: number): number[] {
  const allowed = costs.map(() => 0);
  let left = room;
  for (const [index, cost] of ranked(costs, head)) {
    allowed[index] = Math.min(cost, left);
    left -= allowed[index] ?? 0;
  }
  return allowed;
}

function ranked(costs: readonly number[], head: number): [index: number, cost: number][] {
  const all = [...costs.entries()];
  return [...all.slice(0, head), ...all.slice(head).sort(([, one], [, other]) => one - other)];
}
