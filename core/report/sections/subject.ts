import { namesOf } from '../../incident/alertSource';
import { minutes } from '../../response/times';
import { duration, figuresOf } from '../figures';
import { element, type Html, joined } from '../html';
import { leadOf } from '../lead';
import type { Story } from '../story';
import { DECISION_WORDS } from '../../incident/decisionInWords';

/** What it is about, how it stands, and the few figures that a reader looks for first. */
export function subjectSection(story: Story): Html {
  const { record, status, subject, decision } = story;
  const { rule, source } = record.spec;
  const figures = figuresOf(story);
  const tile = (value: string, name: string): Html =>
    element('div', joined([element('b', value), element('span', name)]), 'tile');
  return joined([
    element('h1', subject),
    element('p', `${rule} (${status.priority}, ${namesOf(source).label})`),
    element('p', leadOf(story), 'lead'),
    element(
      'div',
      joined([
        tile(status.state, 'state'),
        tile(decision === null ? '-' : DECISION_WORDS[decision.decision], 'decision'),
        tile(String(status.count), status.count === 1 ? 'event' : 'events'),
        tile(duration(figures.acknowledge), 'to the decision'),
        tile(duration(figures.respond), 'to the verified action'),
      ]),
      'tiles',
    ),
    element('p', `First event ${minutes(status.firstSeen)}, last ${minutes(status.lastSeen)}.`),
  ]);
}
