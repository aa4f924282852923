import {
  checkedSpec,
  claimRow,
  type ClaimSpec,
  isHeld,
  isSettled,
  isUntold,
  LEASE_MS,
  neoTaskName,
  neoTaskResource,
  newNeoTask,
  placeOfClaim,
  telling,
} from '../../core/remediation/claim';
import { PipelineError } from '../../core/errors';
import { CLAIMED_AT, claimOf, specOf } from '../support/claims';

const after = (ms: number, from = CLAIMED_AT): Date => new Date(Date.parse(from) + ms);

describe('what no store would take is not claimed', () => {
  test.each<[string, Partial<ClaimSpec>, RegExp]>([
    ['no incident', { incident: '' }, /incident/],
    ["an incident's id that is too long", { incident: 'a'.repeat(129) }, /incident/],
    ['an item that is too long', { item: 'x'.repeat(262_145) }, /item/],
    ['a time that is none', { claimedAt: 'now' }, /claimedAt/],
  ])('%s', (_what, change, reason) => {
    expect(() => checkedSpec(specOf(change))).toThrow(reason);
    expect(() => checkedSpec(specOf(change))).toThrow(PipelineError);
  });

  test('all else is, as it is', () => {
    expect(checkedSpec(specOf())).toEqual(specOf());
  });
});

describe('a name', () => {
  test('follows from the incident, is fit for Kubernetes, and differs for each', () => {
    expect(neoTaskName('a')).toBe(neoTaskName('a'));
    expect(neoTaskName('../a')).toMatch(/^incident-[0-9a-f]{32}$/);
    expect(neoTaskName('a')).not.toBe(neoTaskName('b'));
    expect(newNeoTask(specOf()).metadata.name).toBe(neoTaskName(specOf().incident));
  });
});

test.each([
  ['just claimed', {}, 0, true],
  ['before the lease is over', {}, LEASE_MS - 1, true],
  ['when the lease is over', {}, LEASE_MS, false],
  ['asked again', { askedAt: after(LEASE_MS).toISOString() }, LEASE_MS + 1, true],
  ['asked again long ago', { askedAt: after(LEASE_MS).toISOString() }, 2 * LEASE_MS, false],
])('%s it is being asked: %j after %d ms: %s', (_what, status, ms, expected) => {
  expect(isHeld(claimOf({}, status), after(ms))).toBe(expected);
});

test('telling holds others back for ten minutes, and what was told for ever', () => {
  const now = after(0);
  const held = claimOf({}, telling({ state: 'fixed', taskId: 't-1', told: ['overdue'] }, now));
  expect(isUntold(claimOf(), 'outcome', now)).toBe(true);
  expect(isUntold(held, 'outcome', after(10 * 60_000 - 1))).toBe(false);
  expect(isUntold(held, 'outcome', after(10 * 60_000))).toBe(true);
  expect(isUntold(held, 'overdue', after(10 * 60_000))).toBe(false);
  expect(held.status.state).toBe('fixed');
});

test('is settled by the time of it', () => {
  expect(isSettled(claimOf({}, { state: 'fixed', taskId: 't-1' }))).toBe(false);
  expect(isSettled(claimOf({}, { settledAt: CLAIMED_AT }))).toBe(true);
});

test('its task works where it was last asked for', () => {
  expect(placeOfClaim(claimOf())).toEqual({
    repository: 'github.com/acme/infrastructure',
    stack: 'playground/production',
  });
  const mended = claimOf({}, { repository: 'github.com/acme/shop', stack: '' });
  expect(placeOfClaim(mended)).toEqual({ repository: 'github.com/acme/shop', stack: '' });
});

describe('a claim that somebody changed by hand', () => {
  test.each<[string, object]>([
    ['a state that is none', { state: 'done' }],
    ['a time that is none', { settledAt: 'now' }],
    ['a list that is none', { state: 'fixed', taskId: 't-1', told: 'outcome' }],
    ['a task that is none', { state: 'running' }],
    ['a task of no state', { taskId: 't-1' }],
  ])('is not read with %s', (_what, status) => {
    expect(claimRow.safeParse({ spec: specOf(), status, version: '1' }).success).toBe(false);
    const metadata = { name: 'incident-1', resourceVersion: '1' };
    expect(neoTaskResource.safeParse({ metadata, spec: specOf(), status }).success).toBe(false);
  });

  test('is read without a status', () => {
    const metadata = { name: 'incident-1', resourceVersion: '1', labels: {} };
    expect(neoTaskResource.parse({ metadata, spec: specOf() })).toEqual({ metadata, spec: specOf(), status: {} });
  });
});
