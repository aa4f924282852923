import type { ClusterBound } from '../../core/folding/bounds';
import { onceAnHour, spentMessage } from '../../nodes/shared/spentBounds';
import { eventOf } from '../support/incidents';

const NOON = new Date('2026-11-27T12:00:00Z');

test('a bound that is spent is reported once an hour, for what Falco observed and for reports', () => {
  const reported: string[] = [];
  const spent = onceAnHour((bound, trust) => reported.push(`${bound} ${trust}`));
  const [observed, reportOfSomebody] = [eventOf(), eventOf({ source: 'alertmanager', trust: 'report' })];
  for (let alert = 0; alert < 100; alert += 1) {
    spent('notificationsPerClusterHour', observed, NOON);
    spent('notificationsPerClusterHour', reportOfSomebody, NOON);
  }
  spent('modelPassesPerClusterHour', observed, NOON);
  spent('notificationsPerClusterHour', observed, new Date(NOON.getTime() + 3_600_000));
  expect(reported).toEqual([
    'notificationsPerClusterHour kernel',
    'notificationsPerClusterHour report',
    'modelPassesPerClusterHour kernel',
    'notificationsPerClusterHour kernel',
  ]);
});

test.each<[ClusterBound, string]>([
  ['modelPassesPerClusterHour', 'the playbook decides'],
  ['notificationsPerClusterHour', 'send no message'],
])('the report of %s says what follows, and where to look', (bound, effect) => {
  const said = spentMessage(bound, 'kernel');
  expect(said).toContain(effect);
  expect(said).toContain(bound);
  expect(said).toContain('kubectl get incidents');
});
