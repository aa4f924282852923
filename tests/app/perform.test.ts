import type { ActionInput, Freshness } from '../../app/action';
import { perform } from '../../app/perform';
import type { Cluster } from '../../app/ports';
import { PipelineError } from '../../core/errors';
import type { ResponseMode } from '../../core/incident/mode';
import { alertOf, contextOf } from '../support/alerts';

const NOW = new Date('2026-11-21T10:16:00.000Z');
const OPTIONS = {
  dryRun: false,
  mode: 'autonomous',
  readopt: false,
  evidenceMs: 0,
  outageMs: 60_000,
  now: () => NOW,
} as const;

const alert = alertOf('pod-quarantine-test');
const incident = { alert, context: contextOf(alert) };

/** A cluster whose watches are behind: they say one mode of the namespace, the API server another. */
function clusterWith(modeOf: Record<Freshness, ResponseMode>, clockProblems: (string | null)[] = []) {
  const calls: string[] = [];
  const cluster = {
    loadPodState: (_target: unknown, _incident: string, _now: Date, freshness: Freshness) => {
      calls.push(`read ${freshness}`);
      return Promise.resolve(contextOf(alert, { mode: modeOf[freshness] }));
    },
    confirmNamespace: ({ mode }: { mode: ResponseMode }) => {
      calls.push('confirm');
      return mode === modeOf.now
        ? Promise.resolve()
        : Promise.reject(new PipelineError('conflict', 'the namespace changed', { nextStep: '' }));
    },
    reserve: () => {
      calls.push('reserve');
      return Promise.resolve(null);
    },
    giveBack: () => {
      calls.push('give back');
      return Promise.resolve();
    },
    runAction: (_action: string, { context, changed }: ActionInput) => {
      calls.push(`act in ${context.namespace.mode}`);
      changed.push('the pod');
      return Promise.resolve({ outcome: 'done', reason: 'isolated' });
    },
    clockProblem: () => clockProblems.shift() ?? null,
    recordOnce: () => Promise.resolve(),
    recordAction: () => Promise.resolve(null),
  } as unknown as Cluster;
  return { calls, cluster };
}

test('perform: confirms the namespace while it asks for the budget, then acts', async () => {
  const { calls, cluster } = clusterWith({ watched: 'autonomous', now: 'autonomous' });
  expect(await perform('quarantine_pod', cluster, incident, OPTIONS)).toMatchObject({ outcome: 'done' });
  expect(calls).toEqual(['read watched', 'reserve', 'confirm', 'act in autonomous']);
});

test('perform: gives the unit back and does nothing where the namespace permits no more what a watch permitted', async () => {
  const { calls, cluster } = clusterWith({ watched: 'autonomous', now: 'observe' });
  expect(await perform('quarantine_pod', cluster, incident, OPTIONS)).toMatchObject({ outcome: 'refused' });
  expect(calls).toEqual(['read watched', 'reserve', 'confirm', 'give back', 'read now']);
});

test('perform: acts where the namespace permits now what a watch did not', async () => {
  const { calls, cluster } = clusterWith({ watched: 'observe', now: 'autonomous' });
  expect(await perform('quarantine_pod', cluster, incident, OPTIONS)).toMatchObject({ outcome: 'done' });
  expect(calls).toEqual(['read watched', 'read now', 'reserve', 'act in autonomous']);
});

test('perform: reads again where its clock seems wrong, since the last answer of the API server may be old', async () => {
  const { calls, cluster } = clusterWith({ watched: 'autonomous', now: 'autonomous' }, ['the clock is wrong']);
  expect(await perform('quarantine_pod', cluster, incident, OPTIONS)).toMatchObject({ outcome: 'done' });
  expect(calls).toEqual(['read watched', 'read now', 'reserve', 'act in autonomous']);
});

test('perform: does nothing where its clock is wrong', async () => {
  const { calls, cluster } = clusterWith({ watched: 'autonomous', now: 'autonomous' }, ['it is wrong', 'it is wrong']);
  expect(await perform('quarantine_pod', cluster, incident, OPTIONS)).toMatchObject({
    outcome: 'refused',
    reason: 'it is wrong',
  });
  expect(calls).toEqual(['read watched', 'read now']);
});
