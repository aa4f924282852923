import { shownFacts } from '../../core/facts/lines.js';
import { factsOf } from '../../core/alert/facts.js';
import type { BuiltCase } from '../evaluateCase.js';
import type { Outcome } from '../outcome.js';
import { escape } from './escape.js';

/** A case with what was made of it, to unfold: alert, facts, what is right, what was decided and why. */
export function story({ about, alert, context }: BuiltCase, outcome: Outcome): string {
  const verdict = verdictOf(outcome);
  const facts = context.status === 'found' && context.facts !== undefined ? shownFacts(context.facts) : [];
  const rows: [string, string][] = [
    ['Rule', `${alert.rule} (${alert.priority}, ${alert.source})`],
    ...factsOf(alert).map(({ name, value }): [string, string] => [name, value]),
    ...(facts.length === 0
      ? [['Pod', context.status === 'found' ? 'no facts' : `${context.status}: ${context.detail}`] as [string, string]]
      : facts.map(({ name, value }): [string, string] => [`Fact: ${name}`, value])),
    ...(alert.related ?? []).map(({ rule, sameSubject, firstSeen }): [string, string] => [
      'Before it',
      `${rule}, ${sameSubject ? 'same workload' : 'same namespace'}, ${firstSeen}`,
    ]),
    ['Right', about.right.join(' or ')],
    ...(about.never.length === 0 ? [] : [['Does harm', about.never.join(', ')] as [string, string]]),
    ['Why', about.reason],
    ['Proposed', `${outcome.proposed}, ${outcome.classification}, confidence ${outcome.confidence}`],
    ['Decided', `${outcome.decided}: ${outcome.reason}`],
    ...outcome.guardrails.map(({ guardrail, reason }): [string, string] => [`Guardrail ${guardrail}`, reason]),
    ...(outcome.failures.length === 0 ? [] : [['Failures', outcome.failures.join(', ')] as [string, string]]),
    ['Sources', about.sources.join(' · ')],
  ];
  const repeat = outcome.repeat === 1 ? '' : ` (run ${outcome.repeat})`;
  return `<details data-kind="${about.kind}" data-split="${about.split}" data-difficulty="${about.difficulty}" data-verdict="${verdict.name}"><summary><b class="${verdict.style}">${verdict.name}</b> ${escape(about.title)}${repeat} <span class="soft">${escape(outcome.case)} · ${about.kind} · ${about.difficulty} · ${outcome.decided}</span></summary><dl>${rows.map(([name, value]) => `<dt>${escape(name)}</dt><dd>${escape(value)}</dd>`).join('')}</dl></details>`;
}

function verdictOf({ right, unacceptable }: Outcome): { name: 'right' | 'not good' | 'harm'; style: string } {
  if (unacceptable) return { name: 'harm', style: 'bad' };
  return right ? { name: 'right', style: 'good' } : { name: 'not good', style: 'mid' };
}
