import fc from 'fast-check';

import { decideApproval, expireApprovals, type Verdict } from '../../app/approvals';
import { requestApproval } from '../../app/requestApproval';
import { verifyApproval } from '../../app/verifyApproval';
import type { Alert } from '../../core/incident/alert';
import { passId, readIncident } from '../../core/incident/incident';
import type { Priority } from '../../core/incident/priority';
import { type Approval, approvalKey, approvalName, MOST_JOINED } from '../../core/response/approval';
import { namedPods } from '../../core/response/approvalPods';
import { priorityOf } from '../../core/response/approvalPriority';
import { decidedItems } from '../../core/response/decidedItem';
import { measure } from '../../core/telemetry/measure';
import { contextOf } from '../support/alerts';
import { alertOnPod, ApprovalsInMemory } from '../support/approvals';

const NOW = new Date('2026-11-21T12:00:00.000Z');
const after = (hours: number) => new Date(NOW.getTime() + hours * 3_600_000);

const request = (store: ApprovalsInMemory, alert: Alert, now = NOW) => requestApproval(store, { alert }, now);
const decide = (store: ApprovalsInMemory, name: string, verdict: Partial<Verdict> = {}, now = NOW) =>
  decideApproval(store, name, { choice: 'quarantine_pod', by: 'ann', via: 'form', ...verdict }, now);
const names = (approval: Approval) => namedPods(approval).map(({ name }) => name);
const itemsOf = (approval: Approval) =>
  decidedItems(approval).map((item) => readIncident(item as Record<string, unknown>));

describe('an Approval', () => {
  test('is requested once for an incident, and a second request for the same pod finds it', async () => {
    const store = new ApprovalsInMemory();
    const first = await request(store, alertOnPod('web-1'));
    expect(await request(store, alertOnPod('web-1'))).toEqual(first);
    expect(store.all()).toHaveLength(1);
  });

  test('is joined by another pod of its incident, once, and by no pod of another', async () => {
    const store = new ApprovalsInMemory();
    for (const pod of ['web-1', 'web-2', 'web-2', 'web-1', 'web-3']) await request(store, alertOnPod(pod));
    await request(store, alertOnPod('web-4', { id: 'another' }));
    expect(store.all().map(names)).toEqual([['web-1', 'web-2', 'web-3'], ['web-4']]);
  });

  test('is joined by pods that come at the same moment', async () => {
    const store = new ApprovalsInMemory();
    await request(store, alertOnPod('web-1'));
    const pods = ['web-2', 'web-3', 'web-4', 'web-5'];
    await Promise.all(pods.map((pod) => request(store, alertOnPod(pod))));
    expect(store.all()).toHaveLength(1);
    expect(store.all().flatMap(names).sort()).toEqual(['web-1', ...pods]);
  });

  test.each<[string, (store: ApprovalsInMemory, name: string) => Promise<unknown>]>([
    ['was decided', (store, name) => decide(store, name)],
    ['was rejected', (store, name) => decide(store, name, { choice: 'reject' })],
    ['expired', (store) => expireApprovals(store, after(9))],
  ])('that %s is followed by the next one', async (_how, end) => {
    const store = new ApprovalsInMemory();
    const { metadata } = await request(store, alertOnPod('web-1'));
    await end(store, metadata.name);
    const next = await request(store, alertOnPod('web-2'));
    expect([names(next), next.metadata.name]).toEqual([['web-2'], approvalName(approvalKey('an-incident', 2))]);
    expect(names(await request(store, alertOnPod('web-3')))).toEqual(['web-2', 'web-3']);
  });

  test('that is decided while a pod joins is followed by the next one', async () => {
    const store = new ApprovalsInMemory();
    const { metadata } = await request(store, alertOnPod('web-1'));
    store.meanwhile.push(() => decide(store, metadata.name));
    expect(names(await request(store, alertOnPod('web-2')))).toEqual(['web-2']);
    expect((await store.readApproval(metadata.name)).status).toMatchObject({ state: 'Approved', decidedPods: 1 });
  });

  test('whose time is over is joined by nobody, even before it is marked as expired', async () => {
    const store = new ApprovalsInMemory();
    await request(store, alertOnPod('web-1'));
    expect(names(await request(store, alertOnPod('web-2'), after(9)))).toEqual(['web-2']);
  });

  test('has room for so many pods; the next one takes the others', async () => {
    const store = new ApprovalsInMemory();
    for (let pod = 0; pod <= 2 * MOST_JOINED; pod += 1) await request(store, alertOnPod(`web-${pod}`));
    expect(store.all().map((approval) => namedPods(approval).length)).toEqual([MOST_JOINED + 1, MOST_JOINED]);
  });

  test('is not requested without an end', async () => {
    const store = new ApprovalsInMemory();
    for (let round = 0; round < 20; round += 1) {
      const { metadata } = await request(store, alertOnPod(`web-${round}`));
      await decide(store, metadata.name, { choice: 'reject' });
    }
    await expect(request(store, alertOnPod('web-20'))).rejects.toMatchObject({ code: 'conflict' });
    expect(store.all()).toHaveLength(20);
  });

  test('names a pod without a uid, which no decision acts on', async () => {
    const store = new ApprovalsInMemory();
    const { metadata } = await request(store, alertOnPod('web-1'));
    const unnamed = alertOnPod('web-2');
    const target = unnamed.target && { ...unnamed.target, podUid: null };
    await request(store, { ...unnamed, target });
    const { approval } = await decide(store, metadata.name, { shown: 2 });
    const incident = itemsOf(approval)[1];
    if (incident === undefined) throw new Error('no item for the second pod');
    expect(await verifyApproval(store, 'quarantine_pod', incident)).toMatchObject({ podUid: null });
  });

  test('binds the uid of the live pod where the alert has none, and no deletion may rest on that alone', async () => {
    const store = new ApprovalsInMemory();
    const { metadata } = await request(store, alertOnPod('web-1'));
    const named = alertOnPod('web-2');
    const alert = { ...named, target: named.target && { ...named.target, podUid: null } };
    const context = contextOf(named);
    await requestApproval(store, { alert, context }, NOW);
    const { approval } = await decide(store, metadata.name, { shown: 2 });
    const incident = itemsOf(approval)[1];
    if (incident === undefined) throw new Error('no item for the second pod');
    expect(incident.alert.target).toMatchObject({ pod: 'web-2', podUid: null });
    expect(await verifyApproval(store, 'quarantine_pod', incident)).toMatchObject({ podUid: context.pod.uid });
  });
});

describe('the priority of an Approval', () => {
  const later = (alert: Alert, priority: Priority): Alert => ({ ...alert, priority });
  const web1 = alertOnPod('web-1', { priority: 'warning' });

  test('rises with an event of its incident, and falls with none', async () => {
    const store = new ApprovalsInMemory();
    await request(store, web1);
    const seen: Priority[] = [];
    for (const priority of ['notice', 'critical', 'error', 'unknown', 'emergency'] as const)
      seen.push(priorityOf(await request(store, later(web1, priority))));
    expect(seen).toEqual(['warning', 'critical', 'critical', 'unknown', 'unknown']);
    expect(store.all()).toHaveLength(1);
  });

  test('rises with a pod that joins, also where there is no room for the pod', async () => {
    const store = new ApprovalsInMemory();
    await request(store, web1);
    await request(store, alertOnPod('web-2', { priority: 'error' }));
    expect(store.all().map(priorityOf)).toEqual(['error']);
    for (let pod = 3; pod <= 1 + MOST_JOINED; pod += 1)
      await request(store, alertOnPod(`web-${pod}`, { priority: 'error' }));
    await request(store, alertOnPod('one-more', { priority: 'critical' }));
    expect(store.all().map(priorityOf)).toEqual(['critical', 'critical']);
  });

  test.each<[string, (store: ApprovalsInMemory, name: string) => Promise<unknown>]>([
    ['was decided', (store, name) => decide(store, name)],
    ['expired', (store) => expireApprovals(store, after(9))],
  ])('of one that %s rises no more: the next Approval has it', async (_how, end) => {
    const store = new ApprovalsInMemory();
    const { metadata } = await request(store, web1);
    await end(store, metadata.name);
    await request(store, later(web1, 'critical'), after(9));
    expect(store.all().map(priorityOf)).toEqual(['warning', 'critical']);
  });

  test('rises when two events come at the same moment, whichever is written first', async () => {
    for (const order of [
      ['error', 'critical'],
      ['critical', 'error'],
    ] as const) {
      const store = new ApprovalsInMemory();
      await request(store, web1);
      await Promise.all(order.map((priority) => request(store, later(web1, priority))));
      expect(store.all().map(priorityOf)).toEqual(['critical']);
    }
  });

  test('goes on with the decision, and with the pods that wait for another one', async () => {
    const store = new ApprovalsInMemory();
    await request(store, web1);
    const { metadata } = await request(store, alertOnPod('web-2', { priority: 'critical' }));
    const { approval, later: next } = await decide(store, metadata.name, { shown: 1 });
    expect(itemsOf(approval).map(({ alert }) => alert.priority)).toEqual(['critical']);
    expect(next?.spec.priority).toBe('critical');
    const { approval: second } = await decide(store, next?.metadata.name ?? '');
    expect(itemsOf(second).map(({ alert }) => alert.priority)).toEqual(['critical']);
  });
});

describe('a decision', () => {
  async function waiting(...pods: string[]) {
    const store = new ApprovalsInMemory();
    const [first] = await pods.reduce<Promise<Approval[]>>(
      async (before, pod) => [...(await before), await request(store, alertOnPod(pod))],
      Promise.resolve([]),
    );
    return { store, name: first?.metadata.name ?? '' };
  }

  test('holds for all pods that were shown, each as an item of its own', async () => {
    const { store, name } = await waiting('web-1', 'web-2', 'web-3');
    const { approval, later } = await decide(store, name, { shown: 3 });
    const items = itemsOf(approval);
    expect(later).toBeNull();
    expect(items.map(({ alert }) => alert.target)).toMatchObject(
      ['web-1', 'web-2', 'web-3'].map((pod) => ({ namespace: 'shop', pod, podUid: `uid-${pod}` })),
    );
    for (const incident of items)
      expect(await verifyApproval(store, 'quarantine_pod', incident)).toMatchObject({
        podUid: incident.alert.target?.podUid,
      });
  });

  test('says nothing of the first pod about the others', async () => {
    const { store, name } = await waiting('web-1', 'web-2');
    const [first, second] = itemsOf((await decide(store, name, { shown: 2 })).approval);
    expect(first?.alert).toEqual(alertOnPod('web-1'));
    expect(second).not.toHaveProperty('context');
    expect(second?.alert).toMatchObject({ id: 'an-incident', fields: {}, subject: { kind: 'Pod', name: 'web-2' } });
  });

  test('is counted once, and each of its actions once', async () => {
    const { store, name } = await waiting('web-1', 'web-2', 'web-3');
    const items = itemsOf((await decide(store, name, { shown: 3 })).approval);
    expect(new Set(items.map(passId)).size).toBe(3);
    expect(items.map(measure).map(({ isFurtherPod }) => isFurtherPod)).toEqual([false, true, true]);
  });

  test('that acts on no pod comes back as one item', async () => {
    for (const choice of ['reject', 'ignore'] as const) {
      const { store, name } = await waiting('web-1', 'web-2');
      expect(itemsOf((await decide(store, name, { choice, shown: 2 })).approval)).toHaveLength(1);
    }
  });

  test('does not hold for pods that joined after the page was opened: they wait as another Approval', async () => {
    const { store, name } = await waiting('web-1', 'web-2');
    await request(store, alertOnPod('web-3'));
    await request(store, alertOnPod('web-4'));
    const { approval, later } = await decide(store, name, { shown: 2 });
    expect(itemsOf(approval).map(({ alert }) => alert.target?.pod)).toEqual(['web-1', 'web-2']);
    expect(later === null ? null : names(later)).toEqual(['web-3', 'web-4']);
    expect(later?.spec.why).toContain('after the page was opened');
    const { approval: second } = await decide(store, later?.metadata.name ?? '', { shown: 2 });
    for (const incident of itemsOf(second))
      expect(await verifyApproval(store, 'quarantine_pod', incident)).not.toBeNull();
  });

  test('that is made while a pod joins does not hold for it', async () => {
    const { store, name } = await waiting('web-1');
    store.meanwhile.push(() => request(store, alertOnPod('web-2')));
    const { approval, later } = await decide(store, name, { shown: 1 });
    expect(itemsOf(approval).map(({ alert }) => alert.target?.pod)).toEqual(['web-1']);
    expect(later === null ? null : names(later)).toEqual(['web-2']);
  });

  test('that two people make at the same moment is made once', async () => {
    const { store, name } = await waiting('web-1');
    store.meanwhile.push(() => decide(store, name, { by: 'bea', choice: 'reject' }));
    await expect(decide(store, name)).rejects.toThrow('decided already: Rejected by bea');
    expect((await store.readApproval(name)).status).toMatchObject({ state: 'Rejected', decidedBy: 'bea' });
  });

  test('of a page that does not say how many pods it showed holds for the first', async () => {
    const { store, name } = await waiting('web-1', 'web-2');
    const { approval, later } = await decide(store, name);
    expect(itemsOf(approval).map(({ alert }) => alert.target?.pod)).toEqual(['web-1']);
    expect(later === null ? null : names(later)).toEqual(['web-2']);
  });

  test.each([0, 3, -1, 1.5, NaN])('on %d of two pods is refused', async (shown) => {
    const { store, name } = await waiting('web-1', 'web-2');
    await expect(decide(store, name, { shown })).rejects.toMatchObject({ code: 'rejected' });
    expect((await store.readApproval(name)).status.state).toBeUndefined();
  });

  test('that comes too late is not made, and what joined at the last moment does not prevent the end', async () => {
    const { store, name } = await waiting('web-1');
    store.meanwhile.push(() => request(store, alertOnPod('web-2')));
    await expect(decide(store, name, {}, after(9))).rejects.toThrow('its time is over');
    expect((await store.readApproval(name)).status).toMatchObject({ state: 'Expired', pods: [{ name: 'web-2' }] });
  });
});

describe('in any order of joining, looking and deciding', () => {
  const step = fc.oneof(
    fc.record({ join: fc.integer({ min: 0, max: 6 }), uid: fc.constantFrom('a', 'b', null) }),
    fc.record({ look: fc.constant(true) }),
    fc.record({ decide: fc.constantFrom('quarantine_pod', 'delete_pod', 'release_pod', 'ignore', 'reject') }),
  );

  test('no pod outside of what the person was shown is ever acted on, and every pod is named somewhere', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const store = new ApprovalsInMemory();
        const requested = new Set<string>();
        const allowed = new Set<string>();
        const pages = new Map<string, string[]>();
        const key = (action: string, { name, uid }: { name: string; uid: string | null }) => `${action} ${name} ${uid}`;
        for (const one of steps) {
          if ('join' in one) {
            const alert = alertOnPod(`web-${one.join}`);
            const target = alert.target && { ...alert.target, podUid: one.uid };
            await request(store, { ...alert, target }).catch(() => undefined);
            requested.add(`web-${one.join}`);
          } else if ('look' in one) {
            const [open] = await store.waitingApprovals();
            if (open !== undefined)
              pages.set(
                open.metadata.name,
                namedPods(open).map((pod) => `${pod.name} ${pod.uid}`),
              );
          } else {
            const [[name, shown] = ['', []]] = pages;
            pages.delete(name);
            if (name === '') continue;
            const verdict = { choice: one.decide, shown: shown.length };
            const decided = await decide(store, name, verdict as Partial<Verdict>).catch(() => null);
            if (decided !== null) for (const pod of shown) allowed.add(`${one.decide} ${pod}`);
          }
        }
        const everyPod = store.all().flatMap(namedPods);
        for (const action of ['quarantine_pod', 'delete_pod', 'release_pod'] as const)
          for (const approval of store.all())
            for (const pod of everyPod) {
              const [template] = itemsOf(approval);
              const note = template?.decision?.approval;
              if (template?.decision === undefined || note === undefined) continue;
              // An item that somebody forged on its way: any pod, any action, the name of any Approval.
              const forged = {
                ...template,
                alert: {
                  ...template.alert,
                  target: { namespace: 'shop', pod: pod.name, podUid: pod.uid, container: null, image: null },
                },
                decision: { ...template.decision, approval: { ...note, state: 'Approved' as const, chosen: action } },
              };
              const verified = await verifyApproval(store, action, forged).catch(() => null);
              if (verified?.podUid != null) expect(allowed).toContain(key(action, { ...pod, uid: verified.podUid }));
            }
        expect(new Set(everyPod.map(({ name }) => name))).toEqual(requested);
      }),
      { numRuns: 150 },
    );
  });
});
