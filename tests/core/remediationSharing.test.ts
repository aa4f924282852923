import { type Claim, type ClaimSpec, LEASE_MS } from '../../core/remediation/claim';
import type { ClaimStatus } from '../../core/remediation/claimStatus';
import { joinedStatus, mayJoin, mayRelyOn, whyJoined } from '../../core/remediation/sharing';
import { CLAIMED_AT, claimOf } from '../support/claims';

const NOW = new Date(Date.parse(CLAIMED_AT) + 1000);
const LATER = new Date(NOW.getTime() + LEASE_MS);
const [KEY, EVENT, OTHER] = ['a'.repeat(32), 'b'.repeat(32), 'c'.repeat(32)];
const ASKED = { askedAt: CLAIMED_AT };
const RUNNING: ClaimStatus = { ...ASKED, state: 'running', taskId: 't-1' };
const SETTLED = { settledAt: CLAIMED_AT };

const falco = (status: ClaimStatus = {}, spec: Partial<ClaimSpec> = {}): Claim =>
  claimOf({ incident: 'falco-1', finding: { key: KEY, event: EVENT, source: 'falco' }, ...spec }, status);
const pagerDuty = (status: ClaimStatus = {}, spec: Partial<ClaimSpec> = {}): Claim =>
  claimOf({ incident: 'pd-1', finding: { key: KEY, event: EVENT, source: 'pagerduty' }, ...spec }, status);
const finding = (change: object) => ({ finding: { key: KEY, event: EVENT, source: 'pagerduty' as const, ...change } });

describe("PagerDuty's incident joins the task of the detector's own", () => {
  test.each<[string, ClaimStatus]>([
    ['that is being requested', {}],
    ['that runs', RUNNING],
    ['that waits for an approval', { ...RUNNING, state: 'awaiting_approval' }],
    ['that takes too long', { ...RUNNING, state: 'overdue' }],
    ['that ended with a result', { ...RUNNING, state: 'not_fixed', ...SETTLED }],
  ])('%s', (_what, status) => {
    expect(mayJoin(pagerDuty(), falco(status), NOW)).toBe(true);
  });

  test('that runs, for another event of the finding', () => {
    expect(mayJoin(pagerDuty({}, finding({ event: OTHER })), falco(RUNNING), NOW)).toBe(true);
    expect(mayJoin(pagerDuty({}, finding({ event: null })), falco(RUNNING), NOW)).toBe(true);
  });

  test.each<[string, Claim, Claim, Date?]>([
    ['of another finding', pagerDuty({}, finding({ key: OTHER })), falco(RUNNING)],
    ['of another organization', pagerDuty(), falco(RUNNING, { organization: 'other' })],
    [
      'with a result for another event',
      pagerDuty({}, finding({ event: OTHER })),
      falco({ ...RUNNING, state: 'fixed' }),
    ],
    [
      'with a result, if a person opened it again',
      pagerDuty({}, finding({ event: null })),
      falco({ ...RUNNING, state: 'fixed', ...SETTLED }),
    ],
    ['that failed', pagerDuty(), falco({ ...RUNNING, state: 'failed' })],
    ['that was refused', pagerDuty(), falco({ state: 'refused', problem: 'no' })],
    ['that may not exist', pagerDuty(), falco({ state: 'unknown', problem: 'no' })],
    ['that was closed', pagerDuty(), falco({ state: 'closed', taskId: 't-1' })],
    ['that is being ended', pagerDuty(), falco({ ...RUNNING, overAt: CLAIMED_AT })],
    ['that itself joined another', pagerDuty(), falco({ state: 'joined', joins: 'pd-2' })],
    ['that there is no repository for', pagerDuty(), falco({}, { repository: '' })],
    ['whose worker died', pagerDuty(), falco(), LATER],
    ["of PagerDuty's", pagerDuty(), pagerDuty(RUNNING, { incident: 'pd-2' })],
  ])('but none %s', (_what, own, other, now = NOW) => {
    expect(mayJoin(own, other, now)).toBe(false);
  });

  test('and never the other way round', () => {
    expect(mayJoin(falco(), pagerDuty(RUNNING), NOW)).toBe(false);
    expect(mayJoin(falco(), falco(RUNNING, { incident: 'falco-2' }), NOW)).toBe(false);
  });
});

describe("the detector's incident relies on a task of PagerDuty's", () => {
  test.each<[string, ClaimStatus]>([
    ['that is being requested', ASKED],
    ['that runs', RUNNING],
    ['that ended with a result', { ...RUNNING, state: 'fixed', ...SETTLED }],
    ['on which it relies already', { ...RUNNING, reliedOnBy: 'falco-1' }],
  ])('%s for this very event in the same place', (_what, status) => {
    expect(mayRelyOn(falco(), pagerDuty(status), NOW)).toBe(true);
  });

  test.each<[string, Claim, Claim, Date?]>([
    ['for another event', falco(), pagerDuty(RUNNING, finding({ event: OTHER }))],
    ['for an event that is not known', falco(), pagerDuty(RUNNING, finding({ event: null }))],
    [
      'if neither event is known',
      falco({}, { finding: { key: KEY, event: null, source: 'falco' } }),
      pagerDuty(RUNNING, finding({ event: null })),
    ],
    ['for another finding', falco(), pagerDuty(RUNNING, finding({ key: OTHER }))],
    ['in another repository', falco(), pagerDuty(RUNNING, { repository: 'github.com/acme/other' })],
    ['in another stack', falco(), pagerDuty(RUNNING, { stack: '' })],
    ['that was moved to another repository', falco(), pagerDuty({ ...RUNNING, repository: 'github.com/acme/other' })],
    ['in another organization', falco(), pagerDuty(RUNNING, { organization: 'other' })],
    ['that nobody requested yet', falco(), pagerDuty()],
    ['whose worker died', falco(), pagerDuty(ASKED), LATER],
    ['that was refused', falco(), pagerDuty({ ...ASKED, state: 'refused', problem: 'no' })],
    ['that is being ended', falco(), pagerDuty({ ...RUNNING, overAt: CLAIMED_AT })],
    ['that was ended', falco(), pagerDuty({ ...RUNNING, state: 'closed', ...SETTLED })],
    ['on which another relies', falco(), pagerDuty({ ...RUNNING, reliedOnBy: 'falco-2' })],
    ['if it is itself of PagerDuty', pagerDuty({}, { incident: 'pd-2' }), pagerDuty(RUNNING)],
  ])('but on none %s', (_what, own, other, now = NOW) => {
    expect(mayRelyOn(own, other, now)).toBe(false);
  });
});

describe('why there is no second task', () => {
  const urlOf = (id: string): string => `https://app.test/${id}`;
  const item = JSON.stringify({ alert: { fields: { 'incident.id': 'PGR0VU2' } } });

  test.each<[string, Claim, RegExp]>([
    [
      'names incident and task',
      falco(RUNNING),
      /^incident falco-1 has the same finding and the task https:\/\/app\.test\/t-1\. /,
    ],
    [
      "names PagerDuty's incident",
      pagerDuty(RUNNING, { item }),
      /^PagerDuty's incident PGR0VU2 has the same finding and the task https/,
    ],
    [
      'says that there is no task yet',
      falco(),
      /^incident falco-1 has the same finding, and its task is being started/,
    ],
    ['says that there is none', falco({ state: 'refused', problem: 'no' }), /no task could be started for it: no$/],
    ['takes an item that somebody changed', pagerDuty(RUNNING, { item: '{' }), /^incident pd-1 has/],
    ['is bounded', falco({ state: 'refused', problem: '😀'.repeat(2000) }), /^.{0,1600}$/u],
  ])('%s', (_what, other, text) => {
    expect(whyJoined(other, urlOf)).toMatch(text);
    expect(joinedStatus(pagerDuty(ASKED), other, urlOf)).toMatchObject({
      state: 'joined',
      joins: other.spec.incident,
      problem: expect.stringMatching(text) as string,
    });
  });
});
