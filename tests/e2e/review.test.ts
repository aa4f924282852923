import { setTimeout as pause } from 'node:timers/promises';

import { PatchStrategy, type V1Pod } from '@kubernetes/client-node';

import { requestApproval, waitingApprovals } from '../../adapters/kubernetes/resources/approvals';
import { clusterOf } from '../../adapters/kubernetes/cluster';
import { decideApproval, expireApprovals } from '../../app/approvals';
import type { KubernetesClient } from '../../adapters/kubernetes/api/client';
import { readContext } from '../../adapters/kubernetes/state/readContext';
import { listObjects } from '../../adapters/kubernetes/api/customObjects';
import { confirmReviewed, dueForReview } from '../../app/quarantineReview';
import { listQuarantined } from '../../app/quarantines';
import { type Cluster, connect } from '../../cluster/local/kubernetes/client';
import type { Stack } from '../../cluster/local/stack';
import { CUSTOM_RESOURCES, LABELS, NAMESPACES } from '../../core/names';
import { approvalName } from '../../core/response/approval';
import { approvalSpec } from '../../core/response/approvalItem';
import { decidedItems } from '../../core/response/decidedItem';
import { recordSchema } from '../../core/response/record';
import { reviewAlert } from '../../core/response/review';
import { type Incident, readIncident } from '../../core/incident/incident';
import { alertOf } from '../support/alerts';
import { anotherUid } from './support/incident';
import { createPods, deletePods, targetOf } from './support/pods';
import { AMPLE, forgetReservations, setPolicy } from './support/policy';
import { recordStatus } from './support/records';
import { connectResponder, run } from './support/responder';
import { FIRST_START_MS, startStack } from './support/stack';

const namespace = NAMESPACES.playground;
const HOUR = 3_600_000;

let stack: Stack;
let admin: Cluster;
let responder: KubernetesClient;
let pods: V1Pod[] = [];

beforeAll(async () => {
  stack = await startStack();
  admin = connect();
  responder = await connectResponder(stack);
  await setPolicy(admin, { budget: AMPLE });
  await forgetReservations(responder);
}, FIRST_START_MS);
afterEach(async () => {
  await deletePods(admin, pods.splice(0));
  await mode('autonomous');
});

const mode = (value: string) =>
  admin.objects.patch(
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels: { [LABELS.response]: value } } },
    undefined,
    undefined,
    'e2e',
    undefined,
    PatchStrategy.MergePatch,
  );

async function incidentOn(name: string): Promise<{ pod: V1Pod; incident: Incident }> {
  pods = await createPods(admin, name, 1);
  const [pod = {}] = pods;
  const target = targetOf(pod);
  return {
    pod,
    incident: { alert: alertOf('escalate-test', { id: anotherUid(), target, time: new Date().toISOString() }) },
  };
}

const read = ({ metadata }: V1Pod) => admin.core.readNamespacedPod({ namespace, name: metadata?.name ?? '' });

/** Puts an incident before a person who chooses; returns it as the workflow has it then. */
async function decided(incident: Incident, choice: 'quarantine_pod' | 'release_pod' | 'delete_pod'): Promise<Incident> {
  const { metadata } = await requestApproval(responder, approvalSpec(incident, 1, new Date()));
  const verdict = { choice, by: 'ada@example.com', via: 'form' } as const;
  const { approval } = await decideApproval(clusterOf(responder), metadata.name, verdict, new Date());
  return readIncident(decidedItems(approval)[0] as Record<string, unknown>);
}

describe('in a supervised namespace', () => {
  test('nothing is done without a person, and exactly what a person approved is', async () => {
    const { pod, incident } = await incidentOn('supervised');
    await mode('supervised');
    expect(await run('quarantine_pod', responder, incident)).toMatchObject({
      outcome: 'refused',
      guardrails: ['effective_mode'],
    });
    const approved = await decided(incident, 'quarantine_pod');
    expect(await run('delete_pod', responder, approved)).toMatchObject({ outcome: 'refused' });
    expect(await run('quarantine_pod', responder, approved)).toMatchObject({ outcome: 'done' });
    expect((await read(pod)).metadata?.labels).toHaveProperty([LABELS.quarantined], 'true');
  });

  test('an approval that our record does not hold counts for nothing', async () => {
    const { pod, incident } = await incidentOn('forged');
    await mode('supervised');
    const approved = await decided(incident, 'quarantine_pod');
    const { incident: another, pod: other } = await incidentOn('other');
    pods.push(pod);
    const forged = { ...another, decision: approved.decision };
    const { metadata } = await requestApproval(responder, approvalSpec(another, 1, new Date()));
    const claims = [approved.decision?.approval?.name, metadata.name, approvalName(anotherUid())];
    for (const name of claims) {
      const approval = forged.decision?.approval && { ...forged.decision.approval, name: name ?? '' };
      const claiming = { ...forged, decision: forged.decision && { ...forged.decision, approval } };
      for (const action of ['quarantine_pod', 'delete_pod'] as const)
        expect(await run(action, responder, claiming)).toMatchObject({
          outcome: 'refused',
          reason: expect.stringContaining('does not hold') as string,
          changed: [],
        });
    }
    expect((await read(other)).metadata?.labels).not.toHaveProperty([LABELS.quarantined]);
  });

  test('observe allows nothing, with any approval', async () => {
    const { incident } = await incidentOn('observed');
    const approved = await decided(incident, 'quarantine_pod');
    await mode('observe');
    expect(await run('quarantine_pod', responder, approved)).toMatchObject({ guardrails: ['effective_mode'] });
  });
});

describe('an approval', () => {
  test('is asked for once per incident, and decided once', async () => {
    const { incident } = await incidentOn('once');
    const spec = approvalSpec(incident, 1, new Date());
    const [first, second] = [await requestApproval(responder, spec), await requestApproval(responder, spec)];
    expect(second.metadata.name).toBe(first.metadata.name);
    const choices = ['quarantine_pod', 'ignore', 'reject'] as const;
    const taken = await Promise.allSettled(
      choices.map((choice) =>
        decideApproval(clusterOf(responder), first.metadata.name, { choice, by: 'ada', via: 'form' }, new Date()),
      ),
    );
    expect(taken.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  test('that nobody decided in time expires, cannot be decided any more, and leaves the pod as it is', async () => {
    const { pod, incident } = await incidentOn('expired');
    const { metadata } = await requestApproval(responder, approvalSpec(incident, 1, new Date()));
    const later = new Date(Date.now() + 2 * HOUR);
    const expired = await expireApprovals(clusterOf(responder), later);
    expect(expired.map(({ spec }) => spec.incident)).toContain(incident.alert.id);
    expect((await waitingApprovals(responder)).map(({ spec }) => spec.incident)).not.toContain(incident.alert.id);
    const verdict = { choice: 'delete_pod', by: 'ada', via: 'form' } as const;
    await expect(decideApproval(clusterOf(responder), metadata.name, verdict, new Date())).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('Expired') as string,
    });
    expect((await read(pod)).metadata?.uid).toBe(pod.metadata?.uid);
  });

  test('that was decided in time says so for ever, not that its time was over', async () => {
    const { incident } = await incidentOn('in-time');
    const { metadata } = await requestApproval(responder, approvalSpec(incident, 1, new Date()));
    await decideApproval(clusterOf(responder), metadata.name, { choice: 'reject', by: 'ada', via: 'form' }, new Date());
    const late = decideApproval(
      clusterOf(responder),
      metadata.name,
      { choice: 'delete_pod', by: 'eve', via: 'link' },
      new Date(Date.now() + 2 * HOUR),
    );
    await expect(late).rejects.toMatchObject({ message: expect.stringContaining('Rejected by ada') as string });
  });
});

describe('a release is of exactly the pod that was meant', () => {
  const unnamed = ({ alert }: Incident, change: Partial<Incident['alert']> = {}): Incident => ({
    alert: {
      ...alert,
      id: anotherUid(),
      target: alert.target === null ? null : { ...alert.target, podUid: null },
      ...change,
    },
  });
  const approvalOf = async (incident: Incident) => {
    const context = await readContext(responder, incident.alert.target ?? targetOf({}), incident.alert.id, new Date());
    return decided({ ...incident, context }, 'release_pod');
  };

  test("not of today's pod, by the approval of an alert from before there was one", async () => {
    const { pod, incident } = await incidentOn('today');
    expect(await run('quarantine_pod', responder, incident)).toMatchObject({ outcome: 'done' });
    const old = await approvalOf(unnamed(incident, { time: '2020-01-01T00:00:00.000Z' }));
    expect(await run('release_pod', responder, old)).toMatchObject({
      outcome: 'refused',
      guardrails: ['pod_identity'],
      reason: expect.stringContaining('names no pod uid') as string,
      changed: [],
    });
    expect((await read(pod)).metadata?.labels).toHaveProperty([LABELS.quarantined], 'true');
    expect(await recordStatus(responder, pod)).toMatchObject({ state: 'Quarantined' });
  });

  test('not of the successor of the pod that a person was shown', async () => {
    const { pod, incident } = await incidentOn('successor');
    await pause(1100); // an alert counts for pods that are older by the second
    const shown = await approvalOf(unnamed(incident, { time: new Date().toISOString() }));
    await deletePods(admin, [pod]);
    const [successor] = await createPods(admin, 'successor', 1);
    const target = targetOf(successor ?? {});
    await run('quarantine_pod', responder, { alert: { ...incident.alert, id: anotherUid(), target } });
    expect(await run('release_pod', responder, shown)).toMatchObject({ outcome: 'replaced', changed: [] });
    expect((await read(pod)).metadata?.labels).toHaveProperty([LABELS.quarantined], 'true');
  });

  test('of the pod that a person was shown, though the alert did not say its uid', async () => {
    const { pod, incident } = await incidentOn('shown');
    await run('quarantine_pod', responder, incident);
    await pause(1100);
    const shown = await approvalOf(unnamed(incident, { time: new Date().toISOString() }));
    expect(await run('release_pod', responder, shown)).toMatchObject({ outcome: 'done' });
    expect((await read(pod)).metadata?.labels).toEqual(pod.metadata?.labels);
  });

  test("not by its name alone, with nobody's decision", async () => {
    const { incident } = await incidentOn('by-name');
    await run('quarantine_pod', responder, incident);
    expect(await run('release_pod', responder, unnamed(incident))).toMatchObject({
      outcome: 'refused',
      guardrails: ['pod_identity'],
      changed: [],
    });
  });

  test('and only where the mode lets pods be changed', async () => {
    const { incident } = await incidentOn('observed-release');
    await run('quarantine_pod', responder, incident);
    const approved = await decided({ alert: { ...incident.alert, id: anotherUid() } }, 'release_pod');
    await mode('observe');
    for (const one of [incident, approved])
      expect(await run('release_pod', responder, one)).toMatchObject({
        outcome: 'refused',
        guardrails: ['effective_mode'],
        changed: [],
      });
    await mode('supervised');
    expect(await run('release_pod', responder, incident)).toMatchObject({ guardrails: ['effective_mode'] });
    expect(await run('release_pod', responder, approved)).toMatchObject({ outcome: 'done' });
  });

  test('and what a person approved of one pod, is done to no other by any action', async () => {
    const { pod, incident } = await incidentOn('approved-pod');
    const approvals = await Promise.all(
      (['quarantine_pod', 'delete_pod', 'release_pod'] as const).map(async (choice) => ({
        choice,
        approved: await decided({ alert: { ...incident.alert, id: anotherUid() } }, choice),
      })),
    );
    await deletePods(admin, [pod]);
    const [successor] = await createPods(admin, 'approved-pod', 1);
    for (const { choice, approved } of approvals) {
      expect(await run(choice, responder, approved)).toMatchObject({ changed: [] });
      // The uid taken out of the item on its way: the Approval still has it.
      const { target } = approved.alert;
      const forged = { ...approved, alert: { ...approved.alert, target: target && { ...target, podUid: null } } };
      expect(await run(choice, responder, forged)).toMatchObject({ outcome: 'replaced', changed: [] });
    }
    expect((await read(pod)).metadata).toMatchObject({
      uid: successor?.metadata?.uid,
      labels: successor?.metadata?.labels,
    });
  });
});

describe('a quarantine whose time is over', () => {
  test("is reported until a person was notified, then once a day, stays isolated, and is released by a person's approval", async () => {
    const { pod, incident } = await incidentOn('over');
    await run('quarantine_pod', responder, incident);
    const uid = pod.metadata?.uid;
    const mine = async () =>
      (await listQuarantined(clusterOf(responder))).find(({ record }) => record.metadata.name === uid);
    expect(await mine()).toMatchObject({ pod: 'intact', record: { status: { state: 'Quarantined' } } });

    const due = async (hours: number) =>
      (await dueForReview(clusterOf(responder), new Date(Date.now() + hours * HOUR))).find(
        ({ record }) => record.metadata.name === uid,
      );
    expect(await due(0.1)).toBeUndefined();
    expect(await due(25)).toMatchObject({ cause: 'due', pod: 'intact' });
    expect(await due(25.1)).toBeUndefined();
    const found = await due(25.2);
    const reporting = found?.record.status.reporting;
    expect(reporting).toMatchObject({ cause: 'due', tries: 2 });
    if (reporting !== undefined)
      await confirmReviewed(clusterOf(responder), uid ?? '', reporting, new Date(Date.now() + 25.3 * HOUR));
    expect(await due(26)).toBeUndefined();
    expect(await recordStatus(responder, pod)).not.toHaveProperty('reporting');
    expect((await read(pod)).metadata?.labels).toHaveProperty([LABELS.quarantined], 'true');
    if (found === undefined) throw new Error('not due');

    const approved = await decided({ alert: reviewAlert(found.record, 'due', new Date()) }, 'release_pod');
    expect(await run('release_pod', responder, approved)).toMatchObject({ outcome: 'done' });
    expect((await read(pod)).metadata?.labels).toEqual(pod.metadata?.labels);
    expect(await recordStatus(responder, pod)).toMatchObject({ state: 'Released' });
  });

  test("is not released by a decision that is neither a person's nor a false positive", async () => {
    const { incident } = await incidentOn('kept');
    await run('quarantine_pod', responder, incident);
    const escalated = { ...(await decided(incident, 'quarantine_pod')) };
    delete escalated.decision?.approval;
    expect(await run('release_pod', responder, escalated)).toMatchObject({
      outcome: 'refused',
      guardrails: ['release'],
    });
  });

  test('a pod that was released can be isolated again, with the labels it has by then', async () => {
    const { pod, incident } = await incidentOn('again');
    await run('quarantine_pod', responder, incident);
    await run('release_pod', responder, incident);
    await admin.objects.patch(
      { apiVersion: 'v1', kind: 'Pod', metadata: { namespace, name: 'again-0', labels: { tier: 'new' } } } as never,
      undefined,
      undefined,
      'e2e',
      undefined,
      PatchStrategy.MergePatch,
    );
    const labelled = (await read(pod)).metadata?.labels;
    expect(await run('quarantine_pod', responder, incident)).toMatchObject({ outcome: 'done' });
    expect(await run('release_pod', responder, incident)).toMatchObject({ outcome: 'done' });
    expect((await read(pod)).metadata?.labels).toEqual(labelled);
    // And each isolation has a record that still says what was so.
    const uid = pod.metadata?.uid;
    const told = (await listObjects(responder, CUSTOM_RESOURCES.quarantines, `spec.pod.uid=${uid}`)).items.map((item) =>
      recordSchema.parse(item),
    );
    expect(
      told.map(({ metadata, spec, status }) => [metadata.name, spec.originalLabels.tier, status.state]).sort(),
    ).toEqual([
      [uid, undefined, 'Released'],
      [`${uid}.2`, 'new', 'Released'],
    ]);
  });
});
