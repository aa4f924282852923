import { LIMITS } from './limits';

/** Fields with which a deployment names the location of a workload's code. */
const INFRASTRUCTURE_FIELD = /^(?:git|pulumi|esc|cluster)_[a-z_]{1,60}$/;

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The fields with the location of the workload's code, as the source wrote them. */
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

/** The name of a container or an image, or null when there is none. */
export function nameOf(value: unknown): string | null {
  const name = textOf(value);
  return name === null || name.length > LIMITS.name ? null : name;
}

/**
 * A field's text. Falco writes a missing field as null, "" or "<NA>" (falco#3438); other sources omit it or leave it
 * empty.
 */
export function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' && value !== '<NA>' ? value : null;
}

/** Whether `text` has the form of a UUID, which Kubernetes uses for uids. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}
