import { visible } from '../../../core/alert/text';
import { mask, maskEnvironment, maskNamed } from '../../../core/masking/mask';

/** Longer than any part that is kept: the cut is made later, and says so. */
const UNCUT = 4 * 1024 * 1024;

/** An API object as text: secrets masked, by name where they have one, and without what only machines need. */
export function maskedObject(value: unknown): string {
  return JSON.stringify(
    value,
    (key, inner: unknown) => {
      if (key === 'managedFields') return undefined;
      if (typeof inner === 'string') return maskNamed(key, inner);
      return isEnvironment(inner) ? maskEnvironment(inner) : inner;
    },
    1,
  );
}

/** A log's text with its secrets masked; its lines stay lines. */
export function maskedLog(text: string): string {
  return mask(text)
    .split('\n')
    .map((line) => visible(line, UNCUT))
    .join('\n');
}

/** Kubernetes' `env`: a list of names with values beside them, which no key says the name of. */
function isEnvironment(value: unknown): value is { name: string; value?: string }[] {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((entry: unknown) => typeof entry === 'object' && entry !== null && 'name' in entry && 'value' in entry)
  );
}
