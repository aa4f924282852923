import { freshAlert, loadAlert } from '../../cluster/local/alerts/alertFiles';
import { StackError } from '../../cluster/local/errors';

const occasion = {
  uuid: 'aaaaaaaa-0000-4000-8000-000000000000',
  epochNanoseconds: 1_795_310_469_000_000_123n,
  podUid: 'pod-uid',
};

describe('a recorded alert made fresh', () => {
  it.each(['pod-delete-test', 'pod-quarantine-test', 'escalate-test', 'test-shell'])(
    '%s changes only in what is of the occasion',
    async (name) => {
      const recorded = await loadAlert(name);
      const fresh = JSON.parse(freshAlert(recorded, occasion)) as typeof recorded;
      const { output, output_fields: fields, uuid, time, ...rest } = fresh;
      const { output: oldOutput, output_fields: oldFields, uuid: _, time: __, ...oldRest } = recorded;
      expect(rest).toEqual(oldRest);
      expect({ uuid, time }).toEqual({ uuid: occasion.uuid, time: '2026-11-22T01:21:09.000000123Z' });
      expect(output).toBe(`01:21:09.000000123${oldOutput.slice('00:00:00.000000000'.length)}`);
      expect({ ...fields, 'evt.time': 0 }).toEqual({ ...oldFields, 'evt.time': 0, 'k8s.pod.uid': 'pod-uid' });
    },
  );

  it('counts nanoseconds beyond what a JavaScript number holds', async () => {
    const body = freshAlert(await loadAlert('test-shell'), occasion);
    expect(body).toContain('"evt.time":1795310469000000123');
  });

  it('names the alerts there are when asked for another', async () => {
    const error: unknown = await loadAlert('nothing').catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(StackError);
    expect((error as StackError).remedy).toContain('pod-delete-test');
  });
});
