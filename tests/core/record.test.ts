import { FINAL_STATES, isContained, isOpenState, RECORD_STATES } from '../../core/incident/quarantineState';
import type { Reservation } from '../../core/incident/responsePolicy';
import { concurrentShareExceeded, type Share } from '../../core/policy/concurrentShare';
import {
  endedAt,
  isolationOf,
  isOpen,
  latestRecords,
  newRecord,
  type QuarantineRecord,
  recordName,
  recordSchema,
} from '../../core/response/record';
import { objects } from '../support/manifests';

const UID = '11111111-1111-4111-8111-111111111111';
const AT = '2026-11-21T12:00:00.000Z';

function record(isolation: number, status: object = {}, uid = UID): QuarantineRecord {
  const spec = {
    incident: 'one',
    pod: { namespace: 'shop', name: 'web', uid },
    originalLabels: {},
    decision: { decision: 'quarantine_pod' as const, by: 'playbook' as const, reason: 'a test' },
    requestedAt: AT,
    until: AT,
  };
  const { metadata } = newRecord(spec, isolation);
  return recordSchema.parse({ metadata: { ...metadata, resourceVersion: '1' }, spec, status });
}

describe('the records of a pod', () => {
  test('are one for each isolation, named by its number', () => {
    expect([1, 2, 11].map((isolation) => recordName(UID, isolation))).toEqual([UID, `${UID}.2`, `${UID}.11`]);
    expect([1, 2, 11].map((isolation) => isolationOf(record(isolation)))).toEqual([1, 2, 11]);
  });

  test('say what is so by the open one, else by the last', () => {
    const [first, second, tenth] = [record(1, { state: 'Released' }), record(2, { state: 'Gone' }), record(10)];
    expect(latestRecords([second, tenth, first]).get(UID)).toBe(tenth);
    expect(latestRecords([second, first]).get(UID)).toBe(second);
    // The first was deleted by somebody after it had ended, and its name given again.
    const again = record(1, { state: 'Quarantined' });
    expect(latestRecords([again, second]).get(UID)).toBe(again);
  });

  test('are open until the pod is let go or gone, by one rule', () => {
    for (const state of RECORD_STATES) {
      expect(isOpen(record(1, { state }))).toBe(!FINAL_STATES.some((final) => final === state));
      expect(isContained({ state })).toBe(state === 'Quarantined');
    }
    expect([isOpen(record(1)), isOpenState('Isolating'), isContained({ state: 'Isolating' })]).toEqual([
      true,
      true,
      false,
    ]);
  });

  test('have the states that the API server takes', () => {
    const [definition] = objects<{ metadata: { name: string }; spec: object }>('CustomResourceDefinition').filter(
      ({ metadata }) => metadata.name.startsWith('quarantines.'),
    );
    const listed = JSON.stringify(definition?.spec);
    expect(listed).toContain(`num":${JSON.stringify(RECORD_STATES)}`);
    // And the rule that holds what has ended names the same.
    expect(listed).toContain(`[${FINAL_STATES.map((state) => `'${state}'`).join(', ')}]`);
  });

  test('end when the last isolation did', () => {
    const ended = endedAt([
      record(1, { state: 'Released', changedAt: AT }),
      record(1, { state: 'Released', changedAt: AT }, 'two'),
      record(2, {}, 'two'),
    ]);
    expect([...ended]).toEqual([[UID, AT]]);
  });
});

describe('the concurrent share', () => {
  const now = new Date(AT);
  const before = (ms: number) => new Date(now.getTime() - ms).toISOString();
  const unit = (pod: string, at = before(1000)): Reservation => ({
    pod,
    namespace: 'shop',
    workload: 'Deployment/web',
    incident: 'one',
    at,
  });
  const share = (change: Partial<Share> = {}, contained: string[] = []): Share => ({
    namespace: 'shop',
    workload: {
      kind: 'ReplicaSet',
      name: 'web-1',
      desired: 2,
      ready: 2,
      contained: contained.length,
      containedPods: contained,
      top: { kind: 'Deployment', name: 'web' },
    },
    ready: true,
    endedAt: new Map(),
    percent: 50,
    ...change,
  });

  test('counts a pod whose unit was just taken and that is not contained yet', () => {
    expect(concurrentShareExceeded([unit('other')], 'mine', share(), now)).toContain('1 other pods of Deployment/web');
    expect(concurrentShareExceeded([unit('other', before(60_000))], 'mine', share(), now)).toBeNull();
    expect(concurrentShareExceeded([unit('mine')], 'mine', share(), now)).toBeNull();
  });

  test('is not misled by the record of an earlier isolation of that pod', () => {
    const released = new Map([['other', before(3_600_000)]]);
    expect(concurrentShareExceeded([unit('other')], 'mine', share({ endedAt: released }), now)).not.toBeNull();
  });

  test('counts no pod twice, and none that is through', () => {
    const wide = share({ percent: 100 }, ['other']);
    expect(
      concurrentShareExceeded([unit('other')], 'mine', { ...wide, workload: { ...wide.workload, ready: 2 } }, now),
    ).toBeNull();
    const through = new Map([['other', before(500)]]);
    expect(concurrentShareExceeded([unit('other')], 'mine', share({ endedAt: through }), now)).toBeNull();
  });
});
