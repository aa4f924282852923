/**
 * JSON.parse that keeps integers beyond 2^53 (Falco's `evt.time` counts nanoseconds) as their digits, in a string,
 * where a JavaScript number would silently change them.
 */
export function parseLossless(text: string): unknown {
  return JSON.parse(text, (_key, value: unknown, context?: { source?: string }) =>
    typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value) && context?.source !== undefined
      ? context.source
      : value,
  );
}
