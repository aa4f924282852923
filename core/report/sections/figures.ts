import { secondsOf } from '../../response/times';
import { duration, figuresOf } from '../figures';
import { element, type Html, joined, table } from '../html';
import type { Story } from '../story';

/** How often and when, and what the time to the decision and to the action is made of. */
export function figuresSection(story: Story): Html {
  const { status } = story;
  const figures = figuresOf(story);
  return joined([
    element('h2', 'Figures'),
    table(
      [],
      [
        ['Events', String(status.count)],
        ['First event', secondsOf(status.firstSeen)],
        ['Last event', secondsOf(status.lastSeen)],
        ['Analyses', String(status.passed)],
        ['Opened', status.opening === 1 ? 'once' : `${status.opening} times; this report is about the last one`],
        ['First event to decision (in MTTA)', duration(figures.acknowledge)],
        ['of it: isolation before the analysis', duration(figures.containment)],
        ['of it: analysis', duration(figures.analysis)],
        ['of it: decision', duration(figures.decision)],
        ['First event to isolation', duration(figures.isolate)],
        ['First event to verified action (in MTTR)', duration(figures.respond)],
        ['of it: the action itself', duration(figures.action)],
        ['Question to a person to answer', duration(figures.person)],
      ],
    ),
  ]);
}
