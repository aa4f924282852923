import type { Claim } from './claim';
import { factsOf } from './claimStatus';
import { noteOf } from './note';
import type { Progress } from './progress';
import type { NeoTask } from '../incident/task';

/** What is known about a task in addition to its claim. */
type Findings = Partial<Omit<Progress, 'state'>> & Pick<NeoTask, 'state'> & { status?: string | null };

/** The key `response.task`, built from a claim and the findings about its task. */
export function report(
  { spec, status }: Claim,
  { state, status: neoStatus, message, pullRequest, approval, problem }: Findings,
  urlOf: (id: string) => string,
  now: Date,
): NeoTask {
  const { taskId: id = null, taskCreatedAt = null, problem: known = null } = factsOf(status);
  const task = {
    state,
    id,
    organization: spec.organization,
    url: id === null ? null : urlOf(id),
    status: neoStatus ?? null,
    message: message ?? null,
    pullRequest: pullRequest ?? null,
    approval: approval ?? null,
    problem: problem ?? known,
    promptVersion: spec.promptVersion,
    createdAt: taskCreatedAt,
    checkedAt: now.toISOString(),
  };
  return { ...task, note: noteOf(task) };
}

/** The key under which a task's state is reported to people, once each; null for a state that needs no report. */
export function tellingKey({ state, approval }: Pick<NeoTask, 'state' | 'approval'>): string | null {
  switch (state) {
    case 'running':
      return 'begun';
    case 'awaiting_approval':
      return `approval ${approval?.id ?? ''}`;
    case 'overdue':
      return 'overdue';
    case 'fixed':
    case 'not_fixed':
    case 'failed':
    case 'refused':
    case 'unknown':
    case 'joined':
      return 'outcome';
    default:
      return null;
  }
}
