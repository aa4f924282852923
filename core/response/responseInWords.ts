import type { Action } from '../incident/actions';
import type { ActionResponse } from '../incident/response';
import { brief } from '../text/sanitize';

/** Of a reason, and of the gaps together, in UTF-16 units. */
const LONGEST = 300;

/** Past tense, plain form, and how the pod is when the action was not needed any more. */
const WORDS = {
  quarantine_pod: ['Isolated', 'isolate', 'isolated'],
  release_pod: ['Released', 'release', 'released'],
  delete_pod: ['Deleted', 'delete', 'deleted'],
  evict_pod: ['Evicted', 'evict', 'evicted'],
} as const satisfies Record<Action, readonly [string, string, string]>;

type Told = Pick<ActionResponse, 'action' | 'outcome' | 'reason' | 'target' | 'contained' | 'gaps' | 'undo'>;

/**
 * What an action did, and how to undo it, in one or two sentences: "Isolated pod shop/web-1 by NetworkPolicy. Undo: K8s
 * Quarantine, Quarantine: Release, ...". Plain text: escape it for its destination.
 */
export function responseInWords(response: Told): string {
  const { undo } = response;
  const undone = undo === null ? '' : ` Undo: ${brief(undo, LONGEST)}.`;
  return `${whatWasDone(response)}${undone}`;
}

function whatWasDone({ action, outcome, reason, target, contained, gaps }: Told): string {
  const [did, plain, state] = WORDS[action];
  const pod = target === null ? 'the pod' : `pod ${target.namespace}/${target.pod}`;
  const because = brief(reason, LONGEST).replace(/\.$/, '');
  switch (outcome) {
    case 'done':
      return `${did} ${pod}${containedBy(action, contained, gaps)}.`;
    case 'unchanged':
      return `No change: ${pod} was ${state} already${containedBy(action, contained, gaps)}.`;
    case 'dry_run':
      return `Dry run: the API server would ${plain} ${pod}. Nothing was changed.`;
    case 'gone':
      return action === 'delete_pod'
        ? `${capital(pod)} no longer exists.`
        : `Could not ${plain} ${pod}: it no longer exists.`;
    case 'replaced':
      return `Did not ${plain} ${pod}: another pod has its name now.`;
    case 'refused':
      return `Did not ${plain} ${pod}, refused: ${because}.`;
    case 'failed':
      return `Could not ${plain} ${pod}: ${because}.`;
  }
}

function containedBy(action: Action, contained: Told['contained'], gaps: readonly string[]): string {
  if (action !== 'quarantine_pod') return '';
  if (contained !== 'partial') return ' by NetworkPolicy';
  return ` by NetworkPolicy, only in part: ${brief(gaps.join('; '), LONGEST)}`;
}

const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
