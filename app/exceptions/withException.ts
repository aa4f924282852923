import { PipelineError } from '../../core/errors';
import type { Alert } from '../../core/incident/alert';
import type { TargetContext } from '../../core/incident/context';
import { noteOf } from '../../core/policy/exceptions/apply';
import { exceptionFloor } from '../../core/policy/exceptions/floor';
import type { Cluster } from '../ports';

/**
 * An alert's context with the exception that matches it. Where policy holds the alert none is looked for, and where they
 * cannot be read the alert goes the way without.
 */
export async function withException(
  cluster: Pick<Cluster, 'findException'>,
  alert: Alert,
  context: TargetContext,
  now: Date,
): Promise<TargetContext> {
  if (context.status !== 'found' || exceptionFloor(alert, context) !== null) return context;
  try {
    const exception = await cluster.findException(alert, now);
    return exception === null ? context : { ...context, exception: noteOf(exception) };
  } catch (error) {
    if (!(error instanceof PipelineError)) throw error;
    return { ...context, missing: [...context.missing, `exceptions: ${error.message}`] };
  }
}
