import type { Alert } from '../incident/alert';
import { parsePriority } from '../incident/priority';
import { subjectFor } from '../incident/subject';
import type { SOURCES } from '../sources';
import type { Draft } from '../sources/draft';
import { TEXT_LIMITS } from '../sources/limits';
import { SENDER_TRUST, type TrustClass } from '../sources/senders';
import { timeOf } from '../sources/time';
import type { Steps } from '../steps';
import { findingOf } from './finding';
import { fingerprint, grouping, hash } from './identity';
import { type RawAlert, sanitizeAlert } from './sanitizeAlert';
import type { Known } from './sanitizeParts';
import { parseTarget } from './target';

/** What is known of a body's alerts without reading it. No source determines any of it. */
interface Origin {
  source: (typeof SOURCES)[number];
  /** That of the sender who sent it. */
  trust: TrustClass;
  /** ISO 8601 in UTC. */
  receivedAt: string;
}

/**
 * The alerts of a body, verified, masked and bounded: the only way from a draft to an alert. Each gets an equal share of
 * a body's masking budget.
 * @param count how many drafts there are
 */
export function* buildAlerts(drafts: Iterable<Draft>, count: number, origin: Origin): Steps<Alert[]> {
  const known: Known = new Map();
  const alerts: Alert[] = [];
  let room: number = TEXT_LIMITS.body;
  for (const draft of drafts) {
    const share = Math.min(TEXT_LIMITS.alert, Math.floor(room / Math.max(1, count - alerts.length)));
    const { result, spent } = yield* sanitizeAlert(rawAlert(draft, origin), share, known);
    room -= spent;
    alerts.push(result);
    yield;
  }
  return alerts;
}

function rawAlert(draft: Draft, { source, trust, receivedAt }: Origin): RawAlert {
  const { target, problem } = parseTarget(draft.target, SENDER_TRUST[source.sender]);
  // Only what Falco itself observed: another sender could claim to have seen what it did not.
  const finding = trust === 'kernel' && draft.facts !== undefined ? findingOf(draft.rule, draft.facts) : null;
  return {
    id: hash(draft.event),
    source: source.id,
    trust,
    status: draft.status ?? 'firing',
    rule: draft.rule,
    priority: parsePriority(draft.priority),
    time: timeOf(draft.time) ?? receivedAt,
    receivedAt,
    target,
    targetProblem: problem,
    subject: draft.subject ?? subjectFor(source.id, target),
    tags: [...(draft.tags ?? [])],
    infrastructure: { ...draft.infrastructure },
    fields: draft.fields,
    output: draft.output,
    // From raw texts, so that masking never changes which alerts belong together.
    fingerprint: fingerprint(draft.grouping ?? draft.rule, target),
    grouping: grouping(draft.grouping ?? draft.rule),
    synthetic: draft.synthetic ?? false,
    ...(finding === null ? {} : { finding }),
  };
}
