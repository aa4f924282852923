/** What went wrong, as codes that a caller can branch on. */
export type PipelineErrorCode =
  | 'not_an_alert'
  | 'bad_item'
  | 'misconfigured'
  | 'unreachable'
  | 'forbidden'
  | 'conflict'
  | 'not_found'
  | 'rejected';

interface PipelineErrorDetails {
  /** What the person reading this should do next: one sentence. */
  nextStep: string;
  /** The incident that was being processed, so that a failed execution can be found in Loki. */
  incidentId?: string | undefined;
  /** The status of the HTTP answer that this is about. */
  status?: number | undefined;
  cause?: unknown;
}

/** The only error that core and adapters throw. nodes/shared turns it into n8n's own error types. */
export class PipelineError extends Error {
  override readonly name = 'PipelineError';
  readonly nextStep: string;
  readonly incidentId: string | undefined;
  readonly status: number | undefined;

  constructor(
    readonly code: PipelineErrorCode,
    message: string,
    details: PipelineErrorDetails,
  ) {
    super(message, { cause: details.cause });
    this.nextStep = details.nextStep;
    this.incidentId = details.incidentId;
    this.status = details.status;
  }
}

/** Whether it is an error of ours with one of these codes. */
export function hasCode(thrown: unknown, ...codes: PipelineErrorCode[]): thrown is PipelineError {
  return thrown instanceof PipelineError && codes.includes(thrown.code);
}

/** The message of any thrown value. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** The message of any thrown value, with the next step where it has one. */
export function messageWithStep(thrown: unknown): string {
  return thrown instanceof PipelineError ? `${thrown.message}. ${thrown.nextStep}` : messageOf(thrown);
}
