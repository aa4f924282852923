import { decideApproval, expireApprovals } from '../../app/approvals';
import { carryOutAgain, markCarriedOut } from '../../app/carryOut';
import { recordOutcome } from '../../app/incidents/recordOutcome';
import { requestApproval } from '../../app/requestApproval';
import type { Alert } from '../../core/incident/alert';
import { readIncident } from '../../core/incident/incident';
import { decidedItems } from '../../core/response/decidedItem';
import type { Approval } from '../../core/response/approval';
import { alertOnPod, ApprovalsInMemory } from '../support/approvals';
import { acted, Admissions, eventOf } from '../support/incidents';

/** An incident that waits for a person, its Approval, and a clock. */
class Waiting {
  readonly admissions = new Admissions();
  readonly approvals = new ApprovalsInMemory();

  get store() {
    return Object.assign(this.approvals, { incidents: this.admissions.store });
  }

  async request(): Promise<Approval> {
    const [alert] = (await this.admissions.admit(eventOf())).passing;
    if (alert === undefined) throw new Error('the event did not pass');
    const approval = await requestApproval(this.approvals, { alert }, this.admissions.now);
    const { name } = approval.metadata;
    const waits = { alert, approval: { name, expiresAt: approval.spec.expiresAt } };
    await recordOutcome(this.admissions.store, waits, this.admissions.now);
    return approval;
  }

  decide({ metadata }: Approval) {
    const verdict = { choice: 'quarantine_pod', by: 'ann', via: 'form' } as const;
    return decideApproval(this.approvals, metadata.name, verdict, this.admissions.now);
  }

  /** Ends a decision as *Record Outcome* does. */
  async end(approval: Approval): Promise<void> {
    for (const item of decidedItems(approval))
      await recordOutcome(this.admissions.store, readIncident(item as Record<string, unknown>), this.admissions.now);
    await markCarriedOut(this.approvals, approval.metadata.name);
  }

  async look() {
    const { again, givenUp } = await carryOutAgain(this.store, this.admissions.now);
    return [again, givenUp].map((found) => found.map(({ metadata }) => metadata.name));
  }
}

/** A decision of which nothing says that it was carried out. */
async function cutOff(): Promise<{ waiting: Waiting; name: string }> {
  const waiting = new Waiting();
  const approval = await waiting.request();
  await waiting.decide(approval);
  return { waiting, name: approval.metadata.name };
}

describe('a decision whose carrying out was cut off', () => {
  test('is carried out again after three minutes, for the pods and by the person that it had', async () => {
    const waiting = new Waiting();
    const approval = await waiting.request();
    await waiting.decide(approval);
    waiting.admissions.later(2);
    expect(await waiting.look()).toEqual([[], []]);
    waiting.admissions.later(1);
    const { again } = await carryOutAgain(waiting.store, waiting.admissions.now);
    expect(again.flatMap(decidedItems)).toMatchObject([
      { alert: { target: { podUid: 'uid-a' } }, decision: { decision: 'quarantine_pod', approval: { by: 'ann' } } },
    ]);
    expect(await waiting.look()).toEqual([[], []]);
  });

  test('is carried out again by one of two processes that look at once', async () => {
    const waiting = new Waiting();
    await waiting.decide(await waiting.request());
    waiting.admissions.later(3);
    const found = await Promise.all([waiting.look(), waiting.look()]);
    expect(found.flatMap(([again]) => again)).toHaveLength(1);
  });

  test('is tried three times, then goes to a person', async () => {
    const { waiting, name } = await cutOff();
    const found = [];
    for (let look = 1; look <= 3; look += 1) {
      waiting.admissions.later(3);
      found.push(await waiting.look());
    }
    expect(found).toEqual([
      [[name], []],
      [[name], []],
      [[], [name]],
    ]);
    expect(waiting.approvals.all().flatMap(decidedItems)).toMatchObject([
      { decision: { reason: expect.stringMatching(/^Not carried out, .*Approved by ann/) as string } },
    ]);
  });

  test('goes to a person again, later each time, until it is noted that the person was notified', async () => {
    const { waiting, name } = await cutOff();
    const waits: number[] = [];
    for (let minutes = 3; waits.length < 6; minutes += 3) {
      waiting.admissions.later(3);
      const [, handed = []] = await waiting.look();
      if (handed.length === 0) continue;
      expect(handed).toEqual([name]);
      waits.push(minutes);
      minutes = 0;
    }
    expect(waits).toEqual([9, 3, 6, 12, 24, 48]);
    // Nobody was notified, whatever became of the incident.
    await waiting.admissions.settle();
    waiting.admissions.later(96);
    const { givenUp } = await carryOutAgain(waiting.store, waiting.admissions.now);
    for (const approval of givenUp) await waiting.end(approval);
    expect(givenUp).toHaveLength(1);
    expect(waiting.approvals.all()[0]?.status).toMatchObject({ carriedOut: 'given_up' });
    waiting.admissions.later(2 * 1440);
    expect(await waiting.look()).toEqual([[], []]);
  });

  test('goes to a person by one of two processes that look at once', async () => {
    const { waiting, name } = await cutOff();
    waiting.admissions.later(61);
    const found = await Promise.all([waiting.look(), waiting.look()]);
    expect(found.flatMap(([, handed]) => handed)).toEqual([name]);
  });

  test('goes to a person an hour later', async () => {
    const waiting = new Waiting();
    const approval = await waiting.request();
    await waiting.decide(approval);
    waiting.admissions.later(61);
    expect(await waiting.look()).toEqual([[], [approval.metadata.name]]);
  });

  test('is one that expired, too: it is reported again, later each time, and never asked about again', async () => {
    const waiting = new Waiting();
    const { metadata } = await waiting.request();
    waiting.admissions.later(8 * 60 + 1);
    await expireApprovals(waiting.approvals, waiting.admissions.now);
    const waits: number[] = [];
    for (let minutes = 3; waits.length < 7; minutes += 3) {
      waiting.admissions.later(3);
      // What became quiet meanwhile was not reported either.
      if (waits.length === 3) await waiting.admissions.settle();
      const [again = [], givenUp] = await waiting.look();
      expect(givenUp).toEqual([]);
      if (again.length === 0) continue;
      expect(again).toEqual([metadata.name]);
      waits.push(minutes);
      minutes = 0;
    }
    expect(waits).toEqual([3, 3, 6, 12, 24, 48, 96]);
    const [expired] = waiting.approvals.all();
    expect(expired && decidedItems(expired)).toMatchObject([
      {
        decision: {
          reason: expect.stringMatching(/^Nobody decided in time/) as string,
          approval: { state: 'Expired' },
        },
      },
    ]);
    await markCarriedOut(waiting.approvals, metadata.name);
    expect(waiting.approvals.all()[0]?.status).toMatchObject({ carriedOut: 'done' });
  });
});

describe('a decision that was carried out', () => {
  test('is left alone, also if another pod of the incident waits since', async () => {
    const waiting = new Waiting();
    const approval = await waiting.request();
    const { approval: decided } = await waiting.decide(approval);
    await waiting.end(decided);
    waiting.admissions.later(3);
    expect(await waiting.look()).toEqual([[], []]);
  });

  test('by a version that did not note it is noted, not carried out again', async () => {
    const waiting = new Waiting();
    const { approval: decided } = await waiting.decide(await waiting.request());
    const [item = {}] = decidedItems(decided);
    const incident = readIncident({ ...item, response: acted('quarantine_pod') });
    await recordOutcome(waiting.admissions.store, incident, waiting.admissions.now);
    waiting.admissions.later(3);
    expect(await waiting.look()).toEqual([[], []]);
    expect(waiting.approvals.all()[0]?.status).toMatchObject({ carriedOut: 'done' });
  });

  test('long ago, about an incident that nobody knows any more, is said to be lost to nobody', async () => {
    const waiting = new Waiting();
    const alert: Alert = alertOnPod('web-1');
    const approval = await requestApproval(waiting.approvals, { alert }, waiting.admissions.now);
    await waiting.decide(approval);
    waiting.admissions.later(48 * 60);
    expect(await waiting.look()).toEqual([[], []]);
    expect(waiting.approvals.all()[0]?.status).toMatchObject({ carriedOut: 'given_up' });
  });
});

test('what nobody decided is not marked as carried out', async () => {
  const waiting = new Waiting();
  const { metadata } = await waiting.request();
  await markCarriedOut(waiting.approvals, metadata.name);
  expect(waiting.approvals.all()[0]?.status.state).toBeUndefined();
});
