import { resultFirst } from '../../nodes/shared/resultFirst';

test('resultFirst puts what became of an incident before its alert, the last step first, and keeps the rest', () => {
  const item = { note: 1, alert: { id: 'a' }, context: {}, analysis: {}, decision: {}, response: {} };
  const ordered = resultFirst(item);
  expect(Object.keys(ordered)).toEqual(['response', 'decision', 'analysis', 'note', 'alert', 'context']);
  expect(ordered).toEqual(item);
});
