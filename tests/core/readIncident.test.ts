import { readIncident } from '../../core/incident/incident';
import { alertOf, contextOf } from '../support/alerts';

const alert = alertOf();
const context = contextOf(alert);

const problemOf = (item: Readonly<Record<string, unknown>>): unknown => {
  try {
    return readIncident(item);
  } catch (error) {
    return (error as Error).message;
  }
};

describe('readIncident', () => {
  test('reads what nodes hand on once, and what a node made instead each time', () => {
    const [first, again] = [readIncident({ alert, context }), readIncident({ alert, context, other: 1 })];
    expect(again.alert).toBe(first.alert);
    expect(again.context).toBe(first.context);
    const changed = readIncident({ alert: { ...alert, rule: 'Changed' }, context });
    expect(changed.alert).toEqual({ ...first.alert, rule: 'Changed' });
  });

  test.each<[string, Readonly<Record<string, unknown>>, string]>([
    ['there is no alert', {}, 'alert: '],
    ['the alert is a text', { alert: 'x' }, 'alert: '],
    ['the alert has no rule', { alert: { ...alert, rule: undefined } }, 'alert.rule: '],
    [
      'a name in the target is none',
      { alert: { ...alert, target: { ...alert.target, pod: 1 } } },
      'alert.target.pod: ',
    ],
    ['the context is a list', { alert, context: [] }, 'context: '],
  ])('says which key is wrong if %s, however often it is asked', (_what, item, path) => {
    for (const problem of [problemOf(item), problemOf(item)])
      expect(problem).toMatch(new RegExp(`^the item is not an incident: ${path.replaceAll('.', '\\.')}`));
  });

  test('leaves out what is not there', () => {
    expect(Object.keys(readIncident({ alert }))).toEqual(['alert']);
  });
});
