import { decided } from '../../cluster/local/alerts/incidentStatus';
import type { Cluster } from '../../cluster/local/kubernetes/client';
import type { IncidentStatus } from '../../core/incident/incidentRecord';
import { specFrom } from '../support/incidentStoreContract';

const OPENED = new Date('2026-06-01T10:00:00Z');
const spec = specFrom({}, OPENED);
const { incident } = spec.opened;

/** A cluster with one incident that has changed since it was opened. */
function clusterWith(change: Partial<IncidentStatus>): Cluster {
  const item = { metadata: { name: 'one', resourceVersion: '1' }, spec, status: { ...spec.opened, ...change } };
  return { objects: { list: () => Promise.resolve({ items: [item] }) } } as unknown as Cluster;
}

const RECORDED = {
  state: 'Settled',
  reason: 'delete_pod (done): a known attack',
  decision: 'delete_pod',
  changedAt: '2026-06-01T10:00:01Z',
} as const;

describe('decided', () => {
  it('is the status of an incident whose decision was recorded', async () => {
    expect(await decided(clusterWith(RECORDED), incident, OPENED)).toMatchObject(RECORDED);
  });

  it.each<[string, Partial<IncidentStatus>, string]>([
    ['nothing was decided yet', {}, incident],
    ['the decision is about another incident', RECORDED, 'another'],
    ['the decision is of before the alert', { ...RECORDED, changedAt: '2026-06-01T09:59:59Z' }, incident],
  ])('is undefined while %s', async (_, status, id) => {
    expect(await decided(clusterWith(status), id, OPENED)).toBeUndefined();
  });
});
