import { maskArguments } from '../masking/argumentList';
import { isSecret } from '../masking/secretName';
import type { Scalar } from './alert';
import { presentable } from './text';

/** How much of an alert is kept. */
export const LIMITS = { fields: 128, infrastructure: 16, key: 128, value: 2048, output: 4096, tags: 64 } as const;

/** Fields by which a deployment says where a workload's code lives. */
const INFRASTRUCTURE_FIELD = /^(?:git|pulumi|esc|cluster)_[a-z_]{1,60}$/;

/** Fields as they may be kept and shown: secrets masked by name and form, texts visible, their number and length bounded. */
export function presentableFields(
  fields: Readonly<Record<string, unknown>>,
  toScalar: (name: string, value: unknown) => Scalar = presentableValue,
): Record<string, Scalar> {
  const entries = Object.entries(fields)
    .slice(0, LIMITS.fields)
    .map(([name, value]) => [presentable(name, LIMITS.key), toScalar(name, value)] as const);
  return Object.fromEntries(entries);
}

/** Fields that somebody else named, under a prefix, so that none of them takes the place of one of ours. */
export function prefixed(prefix: string, fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  // A name is masked before it gets its prefix, which would change what stands at its beginning.
  const entries = Object.entries(fields).map(([name, value]) => [`${prefix}.${presentable(name, LIMITS.key)}`, value]);
  return Object.fromEntries(entries) as Record<string, unknown>;
}

/** One field's value. */
export function presentableValue(name: string, value: unknown): Scalar {
  switch (typeof value) {
    case 'boolean':
      return value;
    case 'number':
      return Number.isFinite(value) && !isSecret(name, String(value))
        ? value
        : presentable(String(value), LIMITS.value, name);
    case 'string':
      return presentable(value, LIMITS.value, name);
    default:
      return value === null || value === undefined ? null : presentable(listed(value), LIMITS.value, name);
  }
}

/**
 * A list or object as JSON. Its texts are masked before they are escaped, by the names they have in it, and lists of them
 * as one command line.
 */
function listed(value: unknown): string {
  return JSON.stringify(value, (name, part: unknown) => {
    if (typeof part === 'string') return presentable(part, LIMITS.value, name);
    return isTexts(part) ? argumentsOf(part) : part;
  });
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((part) => typeof part === 'string');
}

/** As many of a list's texts as may be shown, and what says that there are more. */
function argumentsOf(list: readonly string[]): string[] {
  const kept: string[] = [];
  let room = 4 * LIMITS.value;
  for (const text of list.slice(0, LIMITS.fields)) {
    if (room < 0) break;
    // Longer than what is shown, so that a secret at that edge is seen whole.
    kept.push(text.slice(0, 3 * LIMITS.value));
    room -= text.length;
  }
  const masked = maskArguments(kept);
  return kept.length < list.length ? [...masked, '[…]'] : masked;
}

/** The fields that say where the code behind a workload lives. */
export function infrastructureOf(fields: Readonly<Record<string, unknown>>): Record<string, string> {
  const entries = Object.entries(fields).flatMap(([name, value]) => {
    const said = textOf(value);
    return INFRASTRUCTURE_FIELD.test(name) && said !== null
      ? [[name, presentable(said, LIMITS.value, name)] as const]
      : [];
  });
  return Object.fromEntries(entries.slice(0, LIMITS.infrastructure));
}

/** A name that may stand in a target beside those that are checked, or null where there is none. */
export function presentableName(value: unknown): string | null {
  const name = textOf(value);
  return name === null ? null : presentable(name, LIMITS.value);
}

/** A field's text. Falco writes a missing field as null, "" or "<NA>" (falco#3438), others leave it out or empty. */
export function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' && value !== '<NA>' ? value : null;
}
