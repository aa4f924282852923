/**
 * JSON.parse that keeps integers beyond 2^53 (Falco's `evt.time` counts nanoseconds) as their digits, in a string,
 * where a JavaScript number would silently change them.
 * @throws SyntaxError for what is not JSON, or so deeply nested that the stack does not hold it
 */
export function parseLossless(text: string): unknown {
  try {
    return JSON.parse(text, (_key, value: unknown, context?: { source?: string }) =>
      typeof value === 'number' &&
      Number.isInteger(value) &&
      !Number.isSafeInteger(value) &&
      context?.source !== undefined
        ? context.source
        : value,
    );
  } catch (error) {
    if (error instanceof RangeError) throw new SyntaxError('nested too deeply', { cause: error });
    throw error;
  }
}
