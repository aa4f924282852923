import { approvalNow } from '../../app/approvalNow';
import { requestApproval } from '../../app/requestApproval';
import type { Cluster } from '../../app/ports';
import { PipelineError, type PipelineErrorCode } from '../../core/errors';
import type { PodContext } from '../../core/incident/context';
import type { Approval } from '../../core/response/approval';
import { type QuarantineRecord, recordSchema } from '../../core/response/record';
import { CONFIGURATION, contextOf } from '../support/alerts';
import { alertOnPod, ApprovalsInMemory } from '../support/approvals';

const NOW = new Date('2026-11-21T12:00:00.000Z');

async function approvalOf(...pods: string[]): Promise<Approval> {
  const store = new ApprovalsInMemory();
  for (const pod of pods) await requestApproval(store, { alert: alertOnPod(pod) }, NOW);
  const [approval] = store.all();
  if (approval === undefined) throw new Error('there is no Approval');
  return approval;
}

const recordOf = (pod: string, state: string): QuarantineRecord =>
  recordSchema.parse({
    metadata: { name: `uid-${pod}`, resourceVersion: '1' },
    spec: {
      incident: 'an-incident',
      pod: { namespace: 'shop', name: pod, uid: `uid-${pod}` },
      decision: { decision: 'quarantine_pod', by: 'playbook', reason: 'a test' },
      requestedAt: NOW.toISOString(),
      until: NOW.toISOString(),
    },
    status: { state },
  });

const failing = (code: PipelineErrorCode) => () => Promise.reject(new PipelineError(code, 'a test', { nextStep: '' }));

type Reader = Parameters<typeof approvalNow>[0];

/** A cluster of pods with the uids that alerts name, which counts its calls. */
function clusterWith(change: Partial<Reader> = {}, pod: Partial<PodContext> = {}) {
  const calls: string[] = [];
  const reader: Reader = {
    readPod: (_namespace, name) => Promise.resolve({ ...contextOf(alertOnPod(name)).pod, ...pod }),
    records: () => Promise.resolve([]),
    readConfiguration: () => Promise.resolve(CONFIGURATION),
    tryLoadPodState: ({ pod: name }) => Promise.resolve(contextOf(alertOnPod(name))),
    checkEviction: () => Promise.resolve('allowed'),
    ...change,
  };
  const counted = Object.fromEntries(
    Object.entries(reader).map(([name, method]) => [
      name,
      (...asked: unknown[]) => {
        calls.push(name);
        return (method as (...given: unknown[]) => unknown)(...asked);
      },
    ]),
  ) as unknown as Reader & Pick<Cluster, 'readPod'>;
  return { calls, cluster: counted };
}

const statesOf = async (approval: Approval, change: Partial<Reader> = {}, pod: Partial<PodContext> = {}) =>
  (await approvalNow(clusterWith(change, pod).cluster, approval, NOW)).pods.map(({ state }) => state);

test('approvalNow: a page costs one call for each pod, and four for everything else', async () => {
  for (const count of [1, 3, 21]) {
    const { calls, cluster } = clusterWith();
    const approval = await approvalOf(...Array.from({ length: count }, (_, index) => `web-${index}`));
    expect((await approvalNow(cluster, approval, NOW)).pods).toHaveLength(count);
    expect(calls.filter((name) => name === 'readPod')).toHaveLength(count);
    expect(calls.filter((name) => name !== 'readPod').sort()).toEqual([
      'checkEviction',
      'readConfiguration',
      'records',
      'tryLoadPodState',
    ]);
  }
});

describe('approvalNow: the state of a pod', () => {
  test.each<[string, string, Partial<Reader>, Partial<PodContext>]>([
    ['free', 'without a record', {}, {}],
    ['quarantined', 'by our open record', { records: () => Promise.resolve([recordOf('web-1', 'Quarantined')]) }, {}],
    ['free', 'by a record that ended', { records: () => Promise.resolve([recordOf('web-1', 'Released')]) }, {}],
    ['foreign', 'with the label and without a record', {}, { marked: true }],
    ['absent', 'that is gone', { readPod: failing('not_found') }, {}],
    ['absent', 'whose name another pod has', {}, { uid: 'another' }],
    ['unreadable', 'that cannot be read', { readPod: failing('forbidden') }, {}],
    ['unreadable', 'without our records', { records: failing('unreachable') }, {}],
  ])('is %s %s', async (state, _which, change, pod) => {
    expect(await statesOf(await approvalOf('web-1'), change, pod)).toEqual([state]);
  });
});

test('approvalNow: what cannot be read is unknown, and keeps no page from being shown', async () => {
  const broken = {
    readPod: failing('unreachable'),
    records: failing('unreachable'),
    readConfiguration: failing('misconfigured'),
  };
  expect(await approvalNow(clusterWith(broken).cluster, await approvalOf('web-1', 'web-2'), NOW)).toMatchObject({
    pods: [{ state: 'unreadable' }, { state: 'unreadable' }],
    context: null,
    eviction: 'unknown',
    quarantines: [],
    configuration: null,
  });
});

test('approvalNow: an eviction is checked for a pod that can be evicted, and quarantines are those of the incident', async () => {
  const approval = await approvalOf('web-1', 'web-2');
  const others = recordOf('x', 'Deleted');
  const records = [recordOf('web-1', 'Quarantined'), { ...others, spec: { ...others.spec, incident: 'another' } }];
  const checked: string[] = [];
  const { cluster } = clusterWith({
    records: () => Promise.resolve(records),
    checkEviction: (_namespace, pod) => {
      checked.push(pod);
      return Promise.resolve('forbidden');
    },
  });
  const now = await approvalNow(cluster, approval, NOW);
  expect([now.eviction, checked]).toEqual(['forbidden', ['web-2']]);
  expect(now.quarantines.map(({ spec }) => spec.pod.name)).toEqual(['web-1']);
});
