import { type Claim, placeOfClaim } from '../../core/remediation/claim';
import { factsOf } from '../../core/remediation/claimStatus';
import type { NeoEntity, NeoEvent, NeoTaskDescription } from '../../core/remediation/events';
import { type Progress, progressOf } from '../../core/remediation/progress';
import { NEO_PROMPT_VERSION } from '../../core/remediation/prompt';
import { report } from '../../core/remediation/report';
import { isSame, parseRepository, type Repository, repositoryOf, written } from '../../core/remediation/repository';
import type { NeoTask, TaskState } from '../../core/incident/task';
import type { Neo } from './ports';

type WatchedNeo = Pick<Neo, 'organization' | 'readTask' | 'readEvents' | 'consoleUrl'>;

/** The state of a task of which only the id is known. Only pull requests in the first repository attached to it count. */
export async function watchTask(neo: WatchedNeo, id: string, now: Date, state?: TaskState): Promise<NeoTask> {
  const { described, events } = await readTurn(neo, id);
  const [repository = null] = repositoriesOf(described.entities);
  const progress = progressOf(described, events, repository);
  const claim = claimless(neo, described, repository, progress.state);
  const seen = { ...progress, state: state ?? progress.state, status: described.status };
  return report(claim, seen, neo.consoleUrl, now);
}

/** The state of a claim's task. It names what Neo was given and no longer has. */
export async function watchClaim(neo: WatchedNeo, claim: Claim, now: Date): Promise<NeoTask> {
  const { described, events } = await readTurn(neo, factsOf(claim.status).taskId ?? '');
  const progress = progressOf(described, events, parseRepository(placeOfClaim(claim).repository));
  const problem = progress.problem ?? unseen(claim, described.entities);
  return report(claim, { ...progress, problem, status: described.status }, neo.consoleUrl, now);
}

/**
 * A task and its events. It counts as idle only if it was so before and after its events were read: else they may lack
 * those of a turn that ended, or that a person's answer began, in between.
 */
async function readTurn(neo: WatchedNeo, id: string): Promise<{ described: NeoTaskDescription; events: NeoEvent[] }> {
  const before = await neo.readTask(id);
  const events = await neo.readEvents(id);
  return { described: before.status === 'idle' ? await neo.readTask(id) : before, events };
}

/** Neo takes away what it cannot see, without a word: a repository that is not connected, a stack that it may not read. */
function unseen(claim: Claim, entities: readonly NeoEntity[]): string | null {
  const place = placeOfClaim(claim);
  const repository = parseRepository(place.repository);
  const seesRepository = repositoriesOf(entities).some((one) => repository !== null && isSame(one, repository));
  const seesStack = entities.some((one) => one.type === 'stack' && `${one.project}/${one.name}` === place.stack);
  const missing = [
    ...(repository === null || seesRepository ? [] : [`the repository ${place.repository}`]),
    ...(place.stack === '' || seesStack ? [] : [`the stack ${place.stack}`]),
  ];
  return missing.length === 0
    ? null
    : `Neo does not see ${missing.join(' and ')}: check its name, that it is connected to ${claim.spec.organization} in Pulumi Cloud, and that the token may read it`;
}

function repositoriesOf(entities: readonly NeoEntity[]): Repository[] {
  return entities.flatMap((entity) => (entity.type === 'repository' ? [repositoryOf(entity)] : []));
}

function claimless(
  { organization }: WatchedNeo,
  task: NeoTaskDescription,
  repository: Repository | null,
  state: Progress['state'],
): Claim {
  const createdAt = new Date(task.createdAt).toISOString();
  return {
    spec: {
      incident: task.id,
      fingerprint: '',
      claimedAt: createdAt,
      organization,
      repository: repository === null ? '' : written(repository),
      stack: '',
      promptVersion: NEO_PROMPT_VERSION,
      item: '{}',
    },
    status: { state, taskId: task.id, taskCreatedAt: createdAt },
    version: '',
  };
}
