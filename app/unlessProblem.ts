import { PipelineError } from '../core/errors';

/** For `.catch`: null for what a server answers, where the work goes on without it. Other errors are thrown on. */
export function unlessProblem(error: unknown): null {
  if (error instanceof PipelineError) return null;
  throw error;
}
