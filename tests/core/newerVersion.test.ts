import { z } from 'zod/v4';

import { afterPass } from '../../core/folding/fold';
import { withBegun, withEnded, withStarted } from '../../core/folding/unfinished';
import { exceptionSchema } from '../../core/incident/exception';
import { readIncident } from '../../core/incident/incident';
import { incidentRecordSchema, type IncidentStatus, statusOf } from '../../core/incident/incidentRecord';
import { responsePolicySchema } from '../../core/incident/responsePolicy';
import { keepUnknown } from '../../core/keepUnknown';
import { changedStatus as changedClaim, claimStatusSchema } from '../../core/remediation/claimStatus';
import { approvalSchema } from '../../core/response/approval';
import { changedStatus as changedRecord, newRecord, recordSchema } from '../../core/response/record';
import { alertOf, CONFIGURATION, contextOf } from '../support/alerts';
import { acted, eventOf, linkOf } from '../support/incidents';

/** What a newer version would have written: the same, with one field more in each object. */
function newer(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(newer);
  if (typeof value !== 'object' || value === null) return value;
  const grown = Object.entries(value).map(([name, part]) => [name, newer(part)]);
  return { ...Object.fromEntries(grown), ofTomorrow: 'kept' } as unknown;
}

const AT = '2026-11-27T10:00:00.000Z';
const NOW = new Date('2026-11-27T10:05:00.000Z');
const KEPT = expect.objectContaining({ ofTomorrow: 'kept' }) as unknown;
const METADATA = { name: 'one', resourceVersion: '1' };

describe("a newer version's items", () => {
  test('are read whatever fields they have that this version does not know', () => {
    const alert = alertOf();
    const item = { alert, context: contextOf(alert), response: acted('quarantine_pod') };
    expect(readIncident(newer(item) as Record<string, unknown>)).toMatchObject(readIncident(item));
  });
});

describe("what a newer version wrote into a stored object's status stays", () => {
  const alert = eventOf({ incident: { ...linkOf(), key: '1.1' } });
  const opened = afterPass(null, alert, 'opened', { model: true, notify: true }, new Date(AT));
  const begun: IncidentStatus = {
    ...withBegun(opened, [alert]),
    deliveries: [{ keys: ['a'], incident: alert.id }],
  };
  const spec = { source: 'falco', rule: 'A rule', subject: { kind: 'Pod', namespace: 'shop', name: 'pod' }, opened };
  const known = incidentRecordSchema.parse({ metadata: METADATA, spec, status: newer(begun) });
  const status = statusOf(known);

  test('of an incident, its passes and deliveries, when another event passes', () => {
    const next = afterPass(status, eventOf({ pod: 'b' }), 'joined', { model: false, notify: false }, NOW);
    expect(next).toEqual(KEPT);
    expect(next.passes[0]).toEqual(KEPT);
    expect(next.deliveries).toEqual([KEPT]);
  });

  test('of an incident, when a pass is started again, and when it ends', () => {
    const [pass] = status.unfinished ?? [];
    if (pass === undefined) throw new Error('no pass has begun');
    const again = withStarted(status, pass, NOW);
    expect(again).toEqual(KEPT);
    expect(again.unfinished).toEqual([expect.objectContaining({ starts: 2, ofTomorrow: 'kept' })]);
    expect(withEnded(status, alert)).toEqual(KEPT);
  });

  test("of an approval and the pods that joined it, as the API server's rules want it", () => {
    const pod = { namespace: 'shop', name: 'web', alertTime: AT, joinedAt: AT };
    const { status: decided } = approvalSchema.parse({
      metadata: METADATA,
      spec: { incident: 'i', requestedAt: AT, expiresAt: AT, rule: 'r', priority: 'notice', why: 'w', item: '{}' },
      status: newer({ state: 'Rejected', decidedBy: 'somebody', pods: [pod] }),
    });
    expect(decided).toEqual(KEPT);
    expect(decided.pods).toEqual([KEPT]);
  });

  test('of a quarantine, when its pod is released', () => {
    const isolation = {
      incident: 'one',
      pod: { namespace: 'shop', name: 'web', uid: 'u' },
      originalLabels: {},
      decision: { decision: 'quarantine_pod' as const, by: 'playbook' as const, reason: 'a test' },
      requestedAt: AT,
      until: AT,
    };
    const { metadata } = newRecord(isolation, 1);
    const record = recordSchema.parse({
      metadata: { ...metadata, resourceVersion: '1' },
      spec: isolation,
      status: newer({ state: 'Quarantined', contained: 'full', gaps: [], detached: true }),
    });
    expect(changedRecord(record.status, { state: 'Released', changedAt: AT })).toMatchObject({
      state: 'Released',
      ofTomorrow: 'kept',
    });
  });

  test('of a Neo task, without what only its state before knows', () => {
    const joined = claimStatusSchema.parse(newer({ state: 'joined', joins: 'another', taskId: 't-1' }));
    const closed = changedClaim(joined, { state: 'closed', settledAt: AT });
    expect(closed).toEqual({ state: 'closed', taskId: 't-1', settledAt: AT, ofTomorrow: 'kept' });
  });

  test('of the budget and of an exception', () => {
    const unit = { pod: 'u', namespace: 'shop', workload: 'Deployment/web', incident: 'i', at: AT };
    const policy = responsePolicySchema.parse({
      metadata: METADATA,
      spec: CONFIGURATION,
      status: newer({ reservations: [unit] }),
    });
    expect(policy.status).toEqual(KEPT);
    expect(policy.status.reservations).toEqual([KEPT]);
    const exception = exceptionSchema.parse({
      metadata: { ...METADATA, creationTimestamp: AT },
      spec: { rule: 'r', match: { namespace: 'shop' }, owner: 'o', reason: 'r', expiresAt: AT },
      status: newer({ matches: 2 }),
    });
    expect(exception.status).toEqual({ matches: 2, ofTomorrow: 'kept' });
  });
});

describe('keepUnknown', () => {
  const schema = keepUnknown(z.object({ count: z.number().default(1), name: z.string().optional() }));

  test('checks and fills in what it knows', () => {
    expect(schema.parse({ ofTomorrow: [1] })).toEqual({ count: 1, ofTomorrow: [1] });
    const { error } = schema.safeParse({ count: 'many', ofTomorrow: 1 });
    expect(error?.issues.map(({ path }) => path)).toEqual([['count']]);
  });

  test.each([null, 'text', 7])('refuses %p', (value) => {
    expect(schema.safeParse(value).success).toBe(false);
  });

  test('keeps no field that another form of a union knows', () => {
    const union = keepUnknown(
      z.discriminatedUnion('state', [
        z.object({ state: z.literal('a'), ofA: z.string().optional() }),
        z.object({ state: z.literal('b') }),
      ]),
    );
    expect(union.parse({ state: 'b', ofA: 'x', ofTomorrow: 'kept' })).toEqual({ state: 'b', ofTomorrow: 'kept' });
  });
});
