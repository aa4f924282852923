import { type Room, untilRoom } from '../../app/incidents/room';
import { PipelineError } from '../../core/errors';
import type { Alert } from '../../core/incident/alert';
import { recordOutcome } from '../../app/incidents/recordOutcome';
import { Admissions, eventOf } from '../support/incidents';

const SINCE = new Date('2026-11-27T10:00:00Z');
const room = (change: Partial<Room> = {}): Room => ({
  since: SINCE,
  unfinished: 1,
  patienceMs: 60_000,
  pauseMs: 1,
  ...change,
});

async function begin(admissions: Admissions, ...rules: string[]): Promise<Alert[]> {
  const begun = [];
  for (const rule of rules) begun.push(...(await admissions.admit(eventOf({ rule }, admissions.now))).passing);
  return begun;
}

describe('room for more executions', () => {
  test('is there at once while no more than so many passes are unfinished', async () => {
    const admissions = new Admissions();
    await begin(admissions, 'one');
    expect(await untilRoom(admissions.store, room({ patienceMs: 0 }))).toBe(true);
  });

  test('is there once enough of them have ended', async () => {
    const admissions = new Admissions();
    const [first] = await begin(admissions, 'one', 'two');
    const all = jest.fn(admissions.store.all);
    const waiting = untilRoom({ all }, room());
    if (first !== undefined) await recordOutcome(admissions.store, { alert: first }, admissions.now);
    expect(await waiting).toBe(true);
    expect(all.mock.calls.length).toBeGreaterThan(1);
  });

  test('is not there while too many do not end, and nobody waits longer than said', async () => {
    const admissions = new Admissions();
    await begin(admissions, 'one', 'two');
    expect(await untilRoom(admissions.store, room({ patienceMs: 5 }))).toBe(false);
  });

  test('is not taken by passes that were started before: what was lost may never end', async () => {
    const admissions = new Admissions();
    await begin(admissions, 'one', 'two');
    admissions.later(1);
    expect(await untilRoom(admissions.store, room({ since: admissions.now, patienceMs: 0 }))).toBe(true);
  });

  test('cannot be told when the store does not answer', async () => {
    const problem = new PipelineError('unreachable', 'no answer', { nextStep: 'Look.' });
    await expect(untilRoom({ all: () => Promise.reject(problem) }, room())).rejects.toBe(problem);
  });
});
