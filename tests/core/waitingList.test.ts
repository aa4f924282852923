import fc from 'fast-check';

import { type Priority, PRIORITIES } from '../../core/incident/priority';
import { type Approval, approvalSchema } from '../../core/response/approval';
import { waitingList } from '../../core/response/waitingList';

interface Waiting {
  namespace: string;
  priority: Priority;
  minute: number;
}

const at = (minute: number) => new Date(Date.UTC(2026, 10, 28, 5, minute)).toISOString();

const approvalOf = ({ namespace, priority, minute }: Waiting, index: number): Approval =>
  approvalSchema.parse({
    metadata: { name: `incident-${index}`, resourceVersion: '1' },
    spec: {
      incident: `incident ${index}`,
      requestedAt: at(minute),
      expiresAt: at(minute + 60),
      pod: { namespace, name: 'web-1' },
      rule: 'A rule',
      priority,
      why: 'nobody knows the rule',
      item: '{}',
    },
  });
const names = (approvals: readonly Approval[]) => approvals.map(({ metadata }) => metadata.name);

const many = fc
  .array(
    fc.record({
      namespace: fc.constantFrom('shop', 'bank', 'noise'),
      priority: fc.constantFrom(...PRIORITIES, 'unknown' as const),
      minute: fc.nat(50),
    }),
    { maxLength: 60 },
  )
  .map((all) => all.map(approvalOf));

test('waitingList: puts the most severe first, and of these the longest waiting', () => {
  const waiting = [
    { namespace: 'shop', priority: 'warning' as const, minute: 1 },
    { namespace: 'shop', priority: 'critical' as const, minute: 3 },
    { namespace: 'shop', priority: 'critical' as const, minute: 2 },
    { namespace: 'shop', priority: 'unknown' as const, minute: 4 },
  ].map(approvalOf);
  expect(names(waitingList(waiting, 50))).toEqual(['incident-3', 'incident-2', 'incident-1', 'incident-0']);
});

test('waitingList: lists an incident of a quiet namespace, however many severe ones wait in another', () => {
  const noise = Array.from({ length: 100 }, (_, minute) => ({
    namespace: 'noise',
    priority: 'critical' as const,
    minute: minute % 60,
  }));
  const quiet = { namespace: 'shop', priority: 'notice' as const, minute: 59 };
  const listed = waitingList([...noise, quiet].map(approvalOf), 10);
  expect(listed).toHaveLength(10);
  expect(names(listed).at(-1)).toBe('incident-100');
});

test('waitingList: lists as many as there is room for, each once, in the order of the whole list', () => {
  fc.assert(
    fc.property(many, fc.nat(70), (waiting, most) => {
      const listed = names(waitingList(waiting, most));
      expect(listed).toHaveLength(Math.min(most, waiting.length));
      expect(listed).toEqual(names(waitingList(waiting, waiting.length)).filter((name) => listed.includes(name)));
    }),
  );
});
