import { definitions, element, EMPTY, type Html, joined, list } from '../html';
import type { Story } from '../story';

/** What was observed, what differed between events, and what was captured from the pod. */
export function evidenceSection({ facts, status, acts, log }: Story): Html {
  const differed = status.samples.filter(({ values }) => values.length > 1);
  const storm = (status.tallies ?? []).map(({ rule, subject, count }) => `${count} of ${rule} about ${subject}`);
  return joined([
    element('h2', 'Evidence'),
    facts.length === 0
      ? element('p', noFacts(log === null))
      : definitions(facts.map(({ name, value }): [string, string] => [name, value])),
    differed.length === 0 ? EMPTY : element('p', 'What differed between its events:'),
    differed.length === 0
      ? EMPTY
      : definitions(differed.map(({ name, values }): [string, string] => [name, values.join(' | ')])),
    storm.length === 0 ? EMPTY : joined([element('p', 'New incidents that were only counted:'), list('ul', storm)]),
    captured(acts),
  ]);
}

const noFacts = (withoutLog: boolean): string =>
  `The cluster keeps no alert that was handled without a person${withoutLog ? '; Loki has it' : ''}.`;

function captured(acts: Story['acts']): Html {
  const all = acts.flatMap(({ evidence }) => evidence ?? []);
  if (all.length === 0) return EMPTY;
  const parts = all.flatMap(({ parts }) =>
    parts.map(({ kind, name, truncated }) => `${kind}: ${name}${truncated ? ' (cut)' : ''}`),
  );
  const missing = all.flatMap((one) => one.missing.map((what) => `Missing: ${what}`));
  return joined([
    element(
      'p',
      'Captured from the pod before it was deleted; its content is in Loki, under the incident and event="evidence":',
    ),
    list('ul', [...parts, ...missing]),
  ]);
}
