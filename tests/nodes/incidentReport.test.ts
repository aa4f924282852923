import type { IDataObject } from 'n8n-workflow';

import type { Cluster } from '../../app/ports';
import { PipelineError } from '../../core/errors';
import { passOfLine } from '../../core/report/pass';
import { incidentLine } from '../../core/telemetry/logLine';
import { K8sQuarantine } from '../../nodes/K8sQuarantine/K8sQuarantine.node';
import { alertOf, CONFIGURATION } from '../support/alerts';
import { runNode } from '../support/engine';
import { NAME, recordsWith } from '../support/incidentRecords';

const mockRecords = recordsWith('<script>a text</script>');

// The real API server is in tests/e2e/report.test.ts.
jest.mock('../../adapters/kubernetes/cluster', () => ({
  clusterOf: () =>
    ({
      incidents: { find: (name: string) => Promise.resolve(name === NAME ? mockRecords.record : null) },
      approvalsOf: () => Promise.resolve(mockRecords.approvals),
      records: () => Promise.reject(new PipelineError('forbidden', 'it answered 403', { nextStep: 'Apply it' })),
      taskOf: () => Promise.resolve(null),
      readConfiguration: () => Promise.resolve(CONFIGURATION),
    }) as unknown as Cluster,
}));

const run = (operation: 'get' | 'getReport', item: IDataObject, incident: string = NAME) =>
  runNode({
    node: new K8sQuarantine(),
    items: [item],
    parameters: { resource: 'incident', operation, incident: { __rl: true, mode: 'name', value: incident } },
    credentials: { kubernetesResponderApi: { server: 'https://127.0.0.1:9', caCertificate: '', token: 't' } },
  });

const log = [passOfLine(incidentLine({ alert: alertOf() }).line)] as unknown as IDataObject[];

test('Get Report gives the page as a file, its content as fields, and what could not be read', async () => {
  const { outputs, error } = await run('getReport', { note: 'kept', log });
  expect(error).toBeUndefined();
  const [[item] = [], escalated] = outputs;
  expect(escalated).toEqual([]);
  expect(item?.json).toMatchObject({
    note: 'kept',
    incident: { name: NAME, decision: 'quarantine_pod', problems: ['it answered 403. Apply it'] },
    report: { fileName: `${NAME}.html` },
  });
  expect(item?.json).not.toHaveProperty('log');
  expect(item?.binary?.report).toMatchObject({ fileName: `${NAME}.html`, mimeType: 'text/html' });
  const page = Buffer.from(item?.binary?.report?.data ?? '', 'base64').toString();
  expect(page).toContain('<h2>Timeline</h2>');
  expect(page).toContain('it answered 403. Apply it');
  expect(page).toContain('&lt;script&gt;a text');
  expect(page).not.toContain('<script');
});

test('Get Report names what Loki did not answer', async () => {
  const { outputs } = await run('getReport', { error: 'Loki answered 503' });
  expect(outputs[0]?.[0]?.json.incident).toMatchObject({
    problems: ['it answered 403. Apply it', 'Loki answered 503'],
  });
});

test('Get gives the same content without a page', async () => {
  const { outputs } = await run('get', {});
  expect(outputs[0]?.[0]?.json).toMatchObject({ incident: { name: NAME, id: 'event-1', count: 3 } });
  expect(outputs[0]?.[0]).not.toHaveProperty('binary');
});

test.each([
  ['no-such', {}, /there is no Incident no-such.*kubectl get incidents/],
  ['={{ $json.nothing }}', {}, /no incident was chosen.*Choose one/],
  [NAME, { log: [{ event: 'incident' }] }, /the key log is not what Loki Push: Read Incident gives/],
])('an item about %j %j leaves by escalate with the reason', async (incident, item, problem) => {
  const { outputs } = await run('getReport', item, incident);
  expect(outputs.map((items) => items.length)).toEqual([0, 1]);
  expect(outputs[1]?.[0]?.json.problem).toMatch(problem);
});

test.each(['.', '../approvals/a', 'a/b', 'A', 'a?watch=1', 'x'.repeat(254)])(
  'Get asks the API server for no incident of the name %j, which none can have',
  async (incident) => {
    const { outputs } = await run('get', {}, incident);
    expect(outputs[1]?.[0]?.json.problem).toMatch(/no incident can have that name.*kubectl get incidents/);
  },
);
