import type { Alert } from '../incident/alert';
import { namesOf } from '../incident/alertSource';
import { factsOf } from '../alert/facts';
import { shownFacts } from '../facts/lines';
import { subjectText } from '../incident/subject';
import type { TargetContext } from '../incident/context';
import { LONGEST_TEXT, MOST_LINES, type RosesAnswer } from '../incident/analysis';

/** ROSES from the alert and the context alone: no model, no guessing, the same input always gives the same analysis. */
export function analyseWithoutModel(alert: Alert, context: TargetContext | undefined): RosesAnswer {
  const about = subjectText(alert.subject);
  const head = [
    `rule: ${alert.rule}`,
    `priority: ${alert.priority}`,
    ...(alert.tags.length > 0 ? [`tags: ${alert.tags.join(', ')}`] : []),
    ...targetEvidence(alert),
  ];
  const live = contextEvidence(context);
  // The most important are first, and what the API server says is not in the alert.
  const shown = factsOf(alert).slice(0, MOST_LINES - head.length - live.length);
  return {
    role: 'Deterministic analysis of alert and API server state; no model took part.',
    objective: `Establish what "${alert.rule}" means for ${about}.`,
    steps: [
      "Read the alert's structured fields.",
      'Read what the API server says about the pod.',
      'List the facts without interpretation.',
    ],
    evidence: [...head, ...shown.map(({ name, value }) => `${name}: ${value}`), ...live].map((line) =>
      line.slice(0, LONGEST_TEXT),
    ),
    summary:
      `${namesOf(alert.source).noun} "${alert.rule}" (${alert.priority}) fired for ${about} at ${alert.time}${alert.status === 'resolved' ? ' and is resolved' : ''}.`.slice(
        0,
        2000,
      ),
  };
}

function targetEvidence({ target, targetProblem }: Alert): string[] {
  if (target === null) return [`no pod to act on: ${targetProblem ?? 'no reason given'}`];
  return [
    `target: ${target.namespace}/${target.pod}, uid ${target.podUid ?? 'not given'}, image ${target.image ?? 'not given'}`,
  ];
}

function contextEvidence(context: TargetContext | undefined): string[] {
  if (context === undefined) return ['context: not read'];
  if (context.status !== 'found') return [`context: ${context.status}, ${context.detail}`];
  const { facts, pod, namespace, workload, quarantine } = context;
  return [
    ...(facts === undefined ? [] : shownFacts(facts).map(({ name, value }) => `fact about the pod, ${name}: ${value}`)),
    `pod: ${pod.phase}, created ${pod.createdAt}, ${quarantine === null ? 'not quarantined' : quarantine.state.toLowerCase()}`,
    `namespace mode: ${namespace.mode}`,
    workload === null
      ? 'workload: none'
      : `workload: ${workload.kind}/${workload.name}, ${workload.ready} of ${workload.desired} replicas ready`,
  ];
}
