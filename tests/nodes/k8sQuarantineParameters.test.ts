import type { IDataObject } from 'n8n-workflow';

import { ACTIONS } from '../../core/incident/actions';
import { K8sQuarantine } from '../../nodes/K8sQuarantine/K8sQuarantine.node';
import { RESOURCES } from '../../nodes/K8sQuarantine/resources';
import { alertOf } from '../support/alerts';
import { runNode } from '../support/engine';

// Nobody waits for an API server that is never started.
jest.mock('../../app/outage', () => ({
  ...jest.requireActual<typeof import('../../app/outage')>('../../app/outage'),
  OUTAGE_MS: 0,
}));

/** An address at which nothing listens. */
const NOWHERE = 'https://127.0.0.1:9';

const quarantine = (parameters: IDataObject, items: IDataObject[] = [{}]) =>
  runNode({
    node: new K8sQuarantine(),
    items,
    parameters,
    credentials: { kubernetesResponderApi: { server: NOWHERE, caCertificate: '', token: 't' } },
  });

describe('an operation that does not exist ends in an error that names the nearest one', () => {
  test.each([
    [{ operation: 'get_context' }, 'Pod: Get Context'],
    [{ operation: 'capture_evidence' }, 'Pod: Capture Evidence'],
    [{ operation: 'contain_first' }, 'Pod: Contain First'],
    [{ operation: 'quarantine_pod' }, 'Pod: Quarantine'],
    [{ operation: 'delete_pod' }, 'Pod: Delete'],
    [{ operation: 'evict_pod' }, 'Pod: Evict'],
    [{ operation: 'release_pod' }, 'Quarantine: Release'],
    [{ operation: 'list_quarantined' }, 'Quarantine: Get Many'],
    [{ operation: 'due_for_review' }, 'Quarantine: Get Due for Review'],
    [{ operation: 'request_approval' }, 'Approval: Request'],
    [{ operation: 'list_approvals' }, 'Approval: Get Many'],
    [{ operation: 'get_approval' }, 'Approval: Get'],
    [{ operation: 'decide_approval' }, 'Approval: Decide'],
    [{ operation: 'expire_approvals' }, 'Approval: Expire'],
    [{ operation: 'record_event' }, 'Event: Record'],
    [{ operation: 'check_access' }, 'Access: Check'],
    [{ resource: 'approval', operation: 'release' }, 'Quarantine: Release'],
  ])('%j: %s', async (parameters, nearest) => {
    const { error } = await quarantine(parameters);
    expect(error).toMatchObject({
      message: expect.stringContaining(`there is no operation ${parameters.operation}`) as string,
      description: expect.stringContaining(`"${nearest}"`) as string,
    });
  });

  test('or the list, if no name is near', async () => {
    expect((await quarantine({ operation: 'xyzzy' })).error).toMatchObject({
      description: 'Choose an operation from the list.',
    });
  });
});

test('every action of the pipeline is the operation of exactly one resource', () => {
  const labels = RESOURCES.flatMap(({ operations }) => operations.map(({ fields = [], value }) => ({ fields, value })))
    .filter(({ fields }) => fields.some(({ name }) => name === 'requireDecision'))
    .map(({ value }) => `${value}_pod`);
  expect(labels.toSorted()).toEqual(ACTIONS.toSorted());
});

describe('a pod that somebody chose', () => {
  const chosen = (namespace: string, pod: string): IDataObject => ({
    resource: 'pod',
    operation: 'getContext',
    podFrom: 'choice',
    namespace: { __rl: true, mode: 'name', value: namespace },
    pod: { __rl: true, mode: 'list', value: pod },
  });
  const detail = async (namespace: string, pod: string) => {
    const { outputs } = await quarantine(chosen(namespace, pod));
    return (outputs[1]?.[0]?.json.context as IDataObject | undefined)?.detail;
  };

  test('is read', async () => {
    expect(await detail('shop', 'web-1')).toContain(`no answer from ${NOWHERE}`);
  });

  test.each([
    ['={{ $json.absent }}', 'web-1', 'the namespace is not a Kubernetes name'],
    ['shop', '={{ $json.absent }}', 'the pod is not a Kubernetes name'],
    ['../../secrets', 'web-1', 'the namespace is not a Kubernetes name'],
    ['shop', '../secrets/token', 'the pod is not a Kubernetes name'],
  ])('is not read as %j/%j', async (namespace, pod, reason) => {
    expect(await detail(namespace, pod)).toContain(reason);
  });

  test.each(['getContext', 'captureEvidence'])('is refused beside an alert by %s', async (operation) => {
    const alert = alertOf('pod-delete-test') as unknown as IDataObject;
    const { error } = await quarantine({ ...chosen('shop', 'web-1'), operation }, [{ alert }]);
    expect(error?.message).toContain('the item has an alert, and another pod was chosen');
  });

  test('cannot be acted on', () => {
    const acting = RESOURCES.flatMap(({ operations }) => operations).filter(({ fields = [] }) =>
      fields.some(({ name }) => name === 'dryRun'),
    );
    expect(acting.length).toBeGreaterThan(ACTIONS.length);
    for (const { fields = [] } of acting) expect(fields.map(({ name }) => name)).not.toContain('pod');
  });
});
