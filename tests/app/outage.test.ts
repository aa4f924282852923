import { getContext } from '../../app/getContext';
import { outlast } from '../../app/outage';
import { perform } from '../../app/perform';
import type { Cluster } from '../../app/ports';
import { PipelineError, type PipelineErrorCode } from '../../core/errors';
import { alertOf, contextOf } from '../support/alerts';

const NOW = new Date('2026-11-21T10:16:00.000Z');
/** Longer than a test may take: what ends earlier has not waited for it. */
const LONG_MS = 60_000;

const alert = alertOf('pod-quarantine-test');

const error = (code: PipelineErrorCode) => new PipelineError(code, `it is ${code}`, { nextStep: 'Wait' });

/** A reading that fails so often before it succeeds, by an API server that is starting for so many questions. */
function broken(failures: number, code: PipelineErrorCode, starting = 0) {
  const calls: string[] = [];
  return {
    calls,
    isStarting: () => {
      calls.push('starting?');
      starting -= 1;
      return Promise.resolve(starting >= 0);
    },
    read: () => {
      calls.push('read');
      failures -= 1;
      return failures >= 0 ? Promise.reject(error(code)) : Promise.resolve(contextOf(alert));
    },
  };
}

describe('outlast', () => {
  test.each(['rejected', 'not_found', 'conflict', 'misconfigured'] as const)('throws %s at once', async (code) => {
    const cluster = broken(1, code);
    await expect(outlast(cluster, LONG_MS, cluster.read)).rejects.toMatchObject({ code });
    expect(cluster.calls).toEqual(['read']);
  });

  test('throws a missing right at once, which an API server that has started refuses', async () => {
    const cluster = broken(1, 'forbidden');
    await expect(outlast(cluster, LONG_MS, cluster.read)).rejects.toMatchObject({ code: 'forbidden' });
    expect(cluster.calls).toEqual(['read', 'starting?']);
  });

  test('reads again what an API server refused that had not read its roles yet', async () => {
    const cluster = broken(2, 'forbidden', 2);
    await expect(outlast(cluster, LONG_MS, cluster.read)).resolves.toMatchObject({ status: 'found' });
    expect(cluster.calls).toEqual(['read', 'starting?', 'read', 'starting?', 'read']);
  });

  test('throws once its time has passed', async () => {
    const cluster = broken(1, 'unreachable');
    await expect(outlast(cluster, 0, cluster.read)).rejects.toMatchObject({ code: 'unreachable' });
    expect(cluster.calls).toEqual(['read']);
  });
});

describe('Get Context', () => {
  test('finds the pod although the API server was starting again', async () => {
    const cluster = broken(3, 'unreachable');
    const context = await getContext({ ...cluster, readContext: cluster.read }, alert, () => NOW, LONG_MS);
    expect(context.status).toBe('found');
  });

  test('says why there is no context when the API server does not come back', async () => {
    const cluster = broken(1, 'unreachable');
    const context = await getContext({ ...cluster, readContext: cluster.read }, alert, () => NOW, 0);
    expect(context).toMatchObject({ status: 'unavailable', detail: 'it is unreachable. Wait' });
  });
});

describe('perform', () => {
  const act = async (cluster: ReturnType<typeof broken>, outageMs: number) =>
    perform(
      'quarantine_pod',
      {
        ...cluster,
        loadPodState: cluster.read,
        confirmNamespace: () => Promise.resolve(),
        reserve: () => Promise.resolve(null),
        giveBack: () => Promise.resolve(),
        runAction: () => Promise.resolve({ outcome: 'done', reason: 'isolated' }),
        clockProblem: () => null,
      } as unknown as Cluster,
      { alert, context: contextOf(alert) },
      { dryRun: false, mode: 'autonomous', readopt: false, evidenceMs: 0, outageMs, now: () => NOW },
    );

  test('isolates the pod although the API server was away for more than a few attempts', async () => {
    expect(await act(broken(5, 'unreachable'), LONG_MS)).toMatchObject({ outcome: 'done' });
  });

  test('isolates the pod although the API server had not read its roles yet', async () => {
    expect(await act(broken(1, 'forbidden', 1), LONG_MS)).toMatchObject({ outcome: 'done' });
  });

  test('fails, for a person to see, when the API server does not come back', async () => {
    expect(await act(broken(9, 'unreachable'), 0)).toMatchObject({
      outcome: 'failed',
      reason: 'it is unreachable. Wait',
    });
  });

  test('gives up on a pod that changes all the time, after four attempts', async () => {
    const cluster = broken(9, 'conflict');
    expect(await act(cluster, LONG_MS)).toMatchObject({ outcome: 'failed' });
    expect(cluster.calls.filter((call) => call === 'read')).toHaveLength(4);
  });
});
