/** An error for the person at the terminal: what happened, and what to do next. Printed without a stack. */
export class StackError extends Error {
  override readonly name = 'StackError';

  constructor(
    what: string,
    readonly remedy: string,
    options?: ErrorOptions,
  ) {
    super(what, options);
  }
}

/** Why a command did nothing: how it was called, or what the machine lacks. Nothing was changed; its exit code says so. */
export class Refusal extends StackError {}

export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // fetch says "fetch failed" and keeps the reason in the cause.
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
