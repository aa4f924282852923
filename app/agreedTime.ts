import { PipelineError } from '../core/errors';
import type { Cluster } from './ports';

/**
 * The time by which records are judged to be lost, quiet, or over. A process whose clock is an hour ahead would start every analysis
 * again, and end approvals for which a person still has time.
 * @throws PipelineError `misconfigured` while the API server's clock says another time, by its last answer
 */
export function agreedTime({ clockProblem }: Pick<Cluster, 'clockProblem'>, now: Date): Date {
  const problem = clockProblem(now);
  if (problem === null) return now;
  throw new PipelineError('misconfigured', `nothing is judged by its time: ${problem}`, {
    nextStep:
      "Set the clock of this n8n's machine by NTP. Other processes of n8n do the same step when it is their turn.",
  });
}
