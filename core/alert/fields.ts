import { LIMITS } from './limits';
import { sanitize } from '../text/sanitize';

/** Fields by which a deployment says where a workload's code lives. */
const INFRASTRUCTURE_FIELD = /^(?:git|pulumi|esc|cluster)_[a-z_]{1,60}$/;

/** The fields that say where the code behind a workload lives, as they came. */
export function infrastructureOf(fields: Readonly<Record<string, unknown>>): Record<string, string> {
  const found: Record<string, string> = {};
  let room: number = LIMITS.infrastructure;
  for (const name in fields) {
    if (room === 0) break;
    const said = INFRASTRUCTURE_FIELD.test(name) && Object.hasOwn(fields, name) ? textOf(fields[name]) : null;
    if (said === null) continue;
    found[name] = said;
    room--;
  }
  return found;
}

/** A name that may stand in a target beside those that are checked, or null where there is none. */
export function presentableName(value: unknown): string | null {
  const name = textOf(value);
  return name === null || name.length > LIMITS.name ? null : sanitize(name, LIMITS.name);
}

/** A field's text. Falco writes a missing field as null, "" or "<NA>" (falco#3438), others leave it out or empty. */
export function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' && value !== '<NA>' ? value : null;
}
