import fc from 'fast-check';

import { type Priority, PRIORITIES } from '../../core/incident/priority';
import { type Approval, approvalSchema } from '../../core/response/approval';
import { waitingList } from '../../core/response/waitingList';
import { TRUST_CLASSES, type TrustClass } from '../../core/sources/senders';
import { normaliseAlert, payload, RECEIVED_AT } from '../support/alerts';

interface Waiting {
  namespace: string;
  priority: Priority;
  minute: number;
  trust?: TrustClass;
  source?: string;
  item?: string;
}

const at = (minute: number) => new Date(Date.UTC(2026, 10, 28, 5, minute)).toISOString();

const approvalOf = ({ namespace, priority, minute, ...origin }: Waiting, index: number): Approval =>
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
      ...origin,
    },
  });
const names = (approvals: readonly Approval[]) => approvals.map(({ metadata }) => metadata.name);

const many = fc
  .array(
    fc.record({
      namespace: fc.constantFrom('shop', 'bank', 'noise'),
      priority: fc.constantFrom(...PRIORITIES, 'unknown' as const),
      minute: fc.nat(50),
      trust: fc.constantFrom(...TRUST_CLASSES),
      source: fc.constantFrom('one', 'another'),
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

test('waitingList: goes by the priority that an event has raised', () => {
  const waiting = [1, 2].map((minute) => approvalOf({ namespace: 'shop', priority: 'warning', minute }, minute));
  const raised = waiting.map((each, index) =>
    index === 0 ? each : { ...each, status: { priority: 'critical' as const } },
  );
  expect([waiting, raised].map((all) => names(waitingList(all, 50)))).toEqual([
    ['incident-1', 'incident-2'],
    ['incident-2', 'incident-1'],
  ]);
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

/** A crowd of reports with a namespace each, as one body of a sender can hold. */
const reports = (count: number, source: string) =>
  Array.from({ length: count }, (_, index) => ({
    namespace: `invented-${index}`,
    priority: 'emergency' as const,
    minute: index % 60,
    trust: 'report' as const,
    source,
  }));
const observed = { trust: 'kernel', source: 'falco', priority: 'notice', minute: 59 } as const;

test('waitingList: lists what the kernel observed, however many namespaces reports invent', () => {
  const falco = Array.from({ length: 9 }, () => ({ ...observed, namespace: 'shop' }));
  const listed = names(waitingList([...reports(50, 'alertmanager'), ...falco].map(approvalOf), 10));
  expect(listed.filter((name) => Number(name.slice('incident-'.length)) >= 50)).toHaveLength(9);
  expect(listed).toHaveLength(10);
});

test('waitingList: lists a report of each source, however many namespaces another source invents', () => {
  const quiet = { ...observed, namespace: 'shop', trust: 'report', source: 'trivy' } as const;
  const listed = waitingList([...reports(50, 'alertmanager'), quiet].map(approvalOf), 10);
  expect(names(listed).at(-1)).toBe('incident-50');
});

test('waitingList: lists an incident of a pod, however many namespaces requests to the API server invent', () => {
  const audited = Array.from({ length: 50 }, (_, index) => {
    const subject = { kind: 'Secret', namespace: `invented-${index}`, name: 'x' };
    const alert = { ...normaliseAlert(payload(), RECEIVED_AT, 'kernel'), target: null, subject };
    const waiting = { ...observed, namespace: '', priority: 'emergency' as const, minute: index, pod: undefined };
    return { ...waiting, item: JSON.stringify({ alert }) };
  });
  const listed = waitingList([...audited, { ...observed, namespace: 'shop' }].map(approvalOf), 10);
  expect(listed).toHaveLength(10);
  expect(names(listed).at(-1)).toBe('incident-50');
});

test.each<[string, string]>([
  ['by its alert', JSON.stringify({ alert: normaliseAlert(payload(), RECEIVED_AT, 'kernel') })],
  ['as the kernel, where the alert cannot be read', '{}'],
])('waitingList: knows where an Approval of an earlier version comes from %s', (_how, item) => {
  const earlier = { namespace: 'shop', priority: 'notice', minute: 59, item } as const;
  const listed = waitingList([...reports(50, 'alertmanager'), earlier].map(approvalOf), 10);
  expect(names(listed).at(-1)).toBe('incident-50');
});

test('waitingList: takes an Approval of an earlier version for a report where its alert says so', () => {
  const item = JSON.stringify({ alert: normaliseAlert(payload(), RECEIVED_AT, 'report') });
  const earlier = reports(50, '').map(({ namespace, priority, minute }) => ({ namespace, priority, minute, item }));
  const listed = waitingList([...earlier, { ...observed, namespace: 'shop' }].map(approvalOf), 10);
  expect(names(listed).at(-1)).toBe('incident-50');
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
