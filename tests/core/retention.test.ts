import fc from 'fast-check';

import { incidentRecordSchema } from '../../core/incident/incidentRecord';
import { approvalSchema } from '../../core/response/approval';
import { recordSchema } from '../../core/response/record';
import { finalRecordOf, isExpired, RETAINED_KINDS } from '../../core/retention/finalRecord';
import {
  isNeeded,
  lastStateOfApproval,
  lastStateOfClaim,
  lastStateOfIncident,
  lastStateOfQuarantine,
  readRecordItem,
} from '../../core/retention/lastState';
import { addOpenRecords } from '../../core/retention/openRecords';
import { prunedLine } from '../../core/telemetry/logLine';
import { specOf } from '../support/claims';
import { finalRecord, lastState } from '../support/retention';

const DAY = 24 * 3_600_000;
const NOW = new Date('2026-11-27T10:00:00.000Z');
const at = (days: number) => new Date(NOW.getTime() - days * DAY).toISOString();

describe('isExpired', () => {
  test('keeps a record that was created or changed within its time, by whichever is later', () => {
    const age = fc.double({ min: 0, max: 400, noNaN: true });
    fc.assert(
      fc.property(age, age, fc.integer({ min: 1, max: 365 }), (created, changed, days) => {
        const expired = isExpired({ createdAt: at(created), changedAt: at(changed) }, days, NOW);
        if (Math.min(created, changed) < days) expect(expired).toBe(false);
        if (Math.min(created, changed) > days + 0.05) expect(expired).toBe(true);
      }),
    );
  });
});

describe('finalRecordOf', () => {
  const metadata = {
    name: 'a',
    uid: 'u',
    resourceVersion: '7',
    creationTimestamp: '2026-01-01T00:00:00Z',
    managedFields: [
      { time: '2026-03-01T00:00:00Z' },
      { time: '2026-04-01T00:00:00Z' },
      { time: '2026-02-01T00:00:00Z' },
    ],
  };

  test.each<[string, object]>([
    ['has no managedFields', { ...metadata, managedFields: undefined }],
    ['lost its managedFields', { ...metadata, managedFields: [] }],
    ['has an entry without a time', { ...metadata, managedFields: [...metadata.managedFields, {}] }],
    ['has no creationTimestamp', { ...metadata, creationTimestamp: null }],
  ])('does not know how old a record is that %s', (_what, changed) => {
    expect(finalRecordOf('Approval', { metadata: changed })).toBeNull();
  });

  test('takes the API server for the last change, and not what the record says', () => {
    expect(finalRecordOf('Approval', { metadata, status: { decidedAt: '2001-01-01T00:00:00Z' } })).toEqual({
      kind: 'Approval',
      name: 'a',
      uid: 'u',
      resourceVersion: '7',
      createdAt: '2026-01-01T00:00:00Z',
      changedAt: '2026-04-01T00:00:00Z',
    });
  });
});

describe('what open records need', () => {
  const collected = (...objects: unknown[]) => {
    const open = { incidents: new Set<string>(), pods: new Set<string>() };
    addOpenRecords(open, objects);
    return open;
  };

  test('is collected from anything without an error', () => {
    fc.assert(
      fc.property(fc.array(fc.anything()), (objects) => {
        collected(...objects);
      }),
    );
  });

  test('is the incident and the pod, even of a record that is otherwise unreadable', () => {
    const open = collected(
      { spec: { incident: 'one', pod: { uid: 'u-1' }, requestedAt: 'yesterday' } },
      { spec: { opened: { incident: 'two' } } },
      { spec: { opened: { incident: 'old' } }, status: { incident: 'three' } },
    );
    for (const incident of ['one', 'two', 'three']) expect(isNeeded(lastState({ incident }), open)).toBe(true);
    expect(isNeeded(lastState({ incident: 'four', podUid: 'u-1' }), open)).toBe(true);
    expect(isNeeded(lastState({ incident: 'four', podUid: 'u-2' }), open)).toBe(false);
    expect(isNeeded(lastState({ incident: 'four' }), open)).toBe(false);
  });
});

describe('the last line of a record', () => {
  const TIME = '2026-01-01T00:00:00Z';
  const metadata = { name: 'a', resourceVersion: '1' };
  const SECRET = 'password=Tr0ub4dor-3-horse';
  /** Every kind, with a text of somebody's in each of its texts. */
  const states = (text: string) => [
    lastStateOfIncident(
      finalRecord({ kind: 'Incident' }),
      incidentRecordSchema.parse({
        metadata,
        spec: {
          source: 'falco',
          rule: text,
          subject: { kind: 'Pod', namespace: text, name: text },
          opened: {
            state: 'Settled',
            reason: text,
            incident: 'falco-1',
            opening: 1,
            priority: 'notice',
            firstSeen: TIME,
            lastSeen: TIME,
            count: 3,
            counted: 1,
            passed: 1,
            passes: [],
            pods: [],
            samples: [],
            decision: text,
            changedAt: TIME,
          },
        },
      }),
    ),
    lastStateOfApproval(
      finalRecord(),
      approvalSchema.parse({
        metadata,
        spec: {
          incident: 'falco-1',
          requestedAt: TIME,
          expiresAt: TIME,
          pod: { namespace: 'shop', name: 'web', uid: 'u-1' },
          rule: text,
          priority: 'notice',
          why: text,
          proposal: { decision: text, reason: text, confidence: 1 },
          item: text,
        },
        status: { state: 'Approved', decision: 'delete_pod', decidedBy: text, via: 'form', decidedAt: TIME },
      }),
    ),
    lastStateOfQuarantine(
      finalRecord({ kind: 'Quarantine' }),
      recordSchema.parse({
        metadata,
        spec: {
          incident: 'falco-1',
          pod: { namespace: 'shop', name: 'web', uid: 'u-1' },
          workload: { kind: text, name: text },
          originalLabels: { app: text },
          decision: { decision: 'quarantine_pod', by: 'person', reason: text, approvedBy: text },
          requestedAt: TIME,
          until: TIME,
        },
        status: { state: 'Released', contained: 'full', changedAt: TIME, note: text, confirmedBy: text },
      }),
    ),
    lastStateOfClaim(finalRecord({ kind: 'NeoTask' }), {
      spec: specOf({ incident: 'falco-1', repository: text.slice(0, 512), item: text }),
      status: { state: 'refused', problem: text, settledAt: TIME },
      version: '1',
    }),
  ];

  test('is there for every kind', () => {
    expect(states('a').map(({ kind }) => kind)).toEqual([...RETAINED_KINDS]);
  });

  test('says what was decided, by whom, and when', () => {
    const [incident, approval, quarantine, task] = states('a text');
    expect(incident).toMatchObject({ state: 'Settled', reason: 'a text', details: { count: '3', settledAt: TIME } });
    expect(approval).toMatchObject({
      state: 'Approved',
      decision: 'delete_pod',
      decidedBy: 'a text',
      details: { decidedAt: TIME },
    });
    expect(quarantine).toMatchObject({
      state: 'Released',
      decision: 'quarantine_pod',
      decidedBy: 'a text',
      podUid: 'u-1',
      details: { endedAt: TIME },
    });
    expect(task).toMatchObject({ state: 'refused', reason: 'a text', details: { settledAt: TIME } });
    for (const state of states('a text')) {
      const { metadata: found, line } = prunedLine(state);
      expect(found).toMatchObject({ incident_id: 'falco-1', event: 'pruned', kind: state.kind, outcome: state.state });
      expect(JSON.parse(line)).toEqual({ event: 'pruned', ...state });
    }
  });

  test('is bounded, masked and on one line, whatever a record holds', () => {
    for (const text of ['\u0000\u202e\n"\\😀'.repeat(40_000), 'x'.repeat(262_144), `${SECRET} `.repeat(1000)])
      for (const state of states(text)) {
        const { line } = prunedLine(state);
        expect(line.length).toBeLessThan(32_768);
        expect(line).not.toMatch(/[\n\u202e\u0000]/);
        expect(line).not.toContain('Tr0ub4dor');
      }
  });

  test('is read from an item that nobody changed, and from no other', () => {
    for (const state of states('a')) expect(readRecordItem({ record: state, more: false })).toEqual(state);
    for (const item of [{}, { record: {} }, { record: { ...lastState(), kind: 'Pod' } }])
      expect(() => readRecordItem(item)).toThrow('is not a record to prune');
  });
});
