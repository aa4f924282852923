import { approvalName, approvalSchema, CHOICES, chosen, newApproval } from '../../core/response/approval';
import { approvalSpec } from '../../core/response/approvalItem';
import { decidedItems } from '../../core/response/decidedItem';
import { recordSchema } from '../../core/response/record';
import { reviewAlert, reviewCause } from '../../core/response/review';
import { tokenLife } from '../../core/response/tokenLife';
import { readIncident } from '../../core/incident/incident';
import { passId } from '../../core/incident/incident';
import type { Alert } from '../../core/incident/alert';
import { alertOf, contextOf } from '../support/alerts';
import { linkOf } from '../support/incidents';

const NOW = new Date('2026-11-21T12:00:00.000Z');
const hours = (count: number) => new Date(NOW.getTime() + count * 3_600_000);

describe('what is put before a person', () => {
  const alert = alertOf('escalate-test');
  const spec = approvalSpec({ alert, context: contextOf(alert) }, 8, NOW);
  const approval = (status: object) =>
    approvalSchema.parse({
      ...newApproval(spec),
      metadata: { name: approvalName(alert.id), resourceVersion: '1' },
      status,
    });

  test('says which pod, why, and until when', () => {
    expect(spec).toMatchObject({
      incident: alert.id,
      pod: { namespace: 'playground', name: 'escalate-test', uid: alert.target?.podUid },
      expiresAt: hours(8).toISOString(),
    });
    expect(newApproval(spec).metadata.name).toMatch(/^incident-[0-9a-f]{32}$/);
  });

  test('is one Approval for an incident, whichever of its pods it is asked for', () => {
    const nameOf = (change: Partial<Alert>) =>
      newApproval(approvalSpec({ alert: { ...alert, ...change } }, 8, NOW)).metadata.name;
    const joined = {
      incident: { ...linkOf(), why: 'joined' as const },
      target: alert.target === null ? null : { ...alert.target, podUid: 'another' },
    };
    expect(new Set([nameOf({}), nameOf({ incident: { ...linkOf(), why: 'raised' } }), nameOf(joined)]).size).toBe(1);
    expect(nameOf({ id: 'of the next opening' })).not.toBe(nameOf({}));
  });

  test.each([
    ['delete_pod', 'delete_pod', 'true_positive'],
    ['quarantine_pod', 'quarantine_pod', 'true_positive'],
    ['release_pod', 'ignore', 'false_positive'],
    ['ignore', 'ignore', 'false_positive'],
  ] as const)('comes back with %s as an incident that can go on', (choice, decision, classification) => {
    const status = {
      ...(chosen(choice, undefined) as object),
      decidedBy: 'ada@example.com',
      via: 'form',
      decidedAt: NOW.toISOString(),
    };
    const incident = readIncident(decidedItems(approval(status))[0] as Record<string, unknown>);
    expect(incident.decision).toMatchObject({
      decision,
      classification,
      approval: { state: 'Approved', chosen: choice, by: 'ada@example.com', via: 'form' },
    });
    expect(incident.alert).toEqual(alert);
    expect(passId(incident)).not.toBe(alert.id);
  });

  test('rejected or in time decided by nobody, acts on nothing', () => {
    const outcome = (state: string) =>
      readIncident(decidedItems(approval({ state }))[0] as Record<string, unknown>).decision;
    expect(outcome('Rejected')).toMatchObject({ decision: 'ignore', classification: 'needs_review' });
    expect(outcome('Expired')).toMatchObject({ decision: 'escalate', classification: 'needs_review' });
  });

  test('"approve" means what was proposed, and nothing where nothing was', () => {
    expect(chosen('approve', { decision: 'delete_pod' })).toMatchObject({ state: 'Approved', decision: 'delete_pod' });
    expect(chosen('approve', { decision: 'escalate' })).toContain('choose an action');
    expect(chosen('approve', undefined)).toContain('choose an action');
    for (const choice of CHOICES) expect(chosen(choice, { decision: 'ignore' })).toHaveProperty('state');
  });

  test('a context too long for the record is left out; alert and decision stay', () => {
    const long = approvalSpec({ alert, context: { ...contextOf(alert), missing: ['x'.repeat(300_000)] } }, 8, NOW);
    expect(long.item.length).toBeLessThan(262_144);
    expect(JSON.parse(long.item)).toHaveProperty('alert.id', alert.id);
  });
});

describe('a quarantine', () => {
  const record = (status: object, spec: object = {}) =>
    recordSchema.parse({
      metadata: { name: 'u', resourceVersion: '1' },
      spec: {
        incident: 'one',
        pod: { namespace: 'shop', name: 'web-1', uid: '11111111-1111-4111-8111-111111111111' },
        originalLabels: { app: 'web' },
        decision: { decision: 'quarantine_pod', by: 'model', reason: 'as found' },
        requestedAt: hours(-1).toISOString(),
        until: hours(1).toISOString(),
        ...spec,
      },
      status,
    });

  test.each<[string, object, object, string | null]>([
    ['that has time left waits', { state: 'Quarantined' }, {}, null],
    ['whose time is over is due', { state: 'Quarantined' }, { until: NOW.toISOString() }, 'due'],
    [
      'that came first and was not confirmed',
      { state: 'Quarantined' },
      { decision: { decision: 'quarantine_pod', by: 'contain_first', reason: 'r' } },
      'unconfirmed',
    ],
    [
      'that came first and was confirmed waits',
      { state: 'Quarantined', confirmedBy: 'quarantine_pod' },
      { decision: { decision: 'quarantine_pod', by: 'contain_first', reason: 'r' } },
      null,
    ],
    ['whose isolation was cut short', {}, {}, 'unfinished'],
    ['that was begun a moment ago', {}, { requestedAt: NOW.toISOString() }, null],
    ['whose pod was changed', { state: 'Mismatch' }, {}, 'mismatch'],
    ['whose pod was changed, once told', { state: 'Mismatch', toldAt: hours(-23).toISOString() }, {}, null],
    [
      'whose pod was changed, a day after that',
      { state: 'Mismatch', toldAt: hours(-24).toISOString() },
      {},
      'mismatch',
    ],
    ['that ended', { state: 'Released' }, { until: hours(-9).toISOString() }, null],
  ])('%s', (_what, status, spec, cause) => {
    expect(reviewCause(record(status, spec), NOW)).toBe(cause);
  });

  test('comes before a person as an incident that cannot act by itself', () => {
    const alert = reviewAlert(record({ state: 'Quarantined' }), 'due', NOW);
    expect(readIncident({ alert }).alert).toMatchObject({ trust: 'report', target: { pod: 'web-1' } });
    expect(alert.id).toMatch(/^[A-Za-z0-9-]+$/);
  });
});

describe("a token's life", () => {
  const token = (claims: object) => `x.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.y`;
  const seconds = NOW.getTime() / 1000;

  test.each([
    ['is long', { iat: seconds - 60, exp: seconds + 86_000 }, false],
    ['ends within the hour', { iat: seconds - 80_000, exp: seconds + 3000 }, true],
    ['is an hour by design, and new', { iat: seconds, exp: seconds + 3600 }, false],
    ['is an hour by design, and nearly over', { iat: seconds - 3000, exp: seconds + 600 }, true],
    ['is over', { iat: seconds - 7200, exp: seconds - 1 }, true],
  ])('%s', (_what, claims, endsSoon) => {
    expect(tokenLife(token(claims), NOW)).toMatchObject({ endsSoon, expires: new Date(claims.exp * 1000) });
  });

  test.each(['', 'opaque', 'a.b.c', token({ sub: 'x' })])('is not known of %j', (text) => {
    expect(tokenLife(text, NOW)).toBeNull();
  });
});
