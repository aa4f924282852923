import type { IDataObject } from 'n8n-workflow';

import { K8sQuarantine } from '../../nodes/K8sQuarantine/K8sQuarantine.node';
import { LokiPush } from '../../nodes/LokiPush/LokiPush.node';
import { PushgatewayMetrics } from '../../nodes/PushgatewayMetrics/PushgatewayMetrics.node';
import { alertOf } from '../support/alerts';
import { decidedItem } from '../support/decidedItem';
import { runNode } from '../support/engine';
import { serve } from '../support/httpServer';
import { lastState } from '../support/retention';

// Nobody waits for an API server that is never started.
jest.mock('../../app/outage', () => ({
  ...jest.requireActual<typeof import('../../app/outage')>('../../app/outage'),
  OUTAGE_MS: 0,
}));

/** An address at which nothing listens. */
async function nowhere(): Promise<string> {
  const server = await serve(() => undefined);
  await server.close();
  return server.url;
}

describe('K8s Quarantine', () => {
  const quarantine = async (chosen: string, items: IDataObject[], more: IDataObject = {}, server?: string) =>
    runNode({
      node: new K8sQuarantine(),
      items,
      parameters: { resource: chosen.split(' ')[0], operation: chosen.split(' ')[1], ...more },
      credentials: {
        kubernetesResponderApi: {
          server: server ?? (await nowhere()).replace('http:', 'https:'),
          caCertificate: '',
          token: 't',
        },
      },
    });

  test.each([
    ['pod quarantine', 'quarantine_pod'],
    ['pod delete', 'delete_pod'],
    ['pod evict', 'evict_pod'],
    ['quarantine release', 'release_pod'],
  ])('%s with the API server down leaves by escalate and names the server', async (operation, action) => {
    const { outputs } = await quarantine(operation, [decidedItem()]);
    expect(outputs[0]).toEqual([]);
    expect(outputs[1]?.[0]?.json).toMatchObject({
      response: {
        action,
        outcome: 'failed',
        reason: expect.stringContaining('no answer from https://127.0.0.1') as string,
        changed: [],
      },
    });
  });

  test('pod getContext with the API server down is a context that says so', async () => {
    const { outputs } = await quarantine('pod getContext', [decidedItem()]);
    expect(outputs[1]?.[0]?.json).toMatchObject({
      context: { status: 'unavailable', detail: expect.stringContaining('no answer') as string },
    });
  });

  test('event record with the API server down keeps the message and says what failed', async () => {
    const { outputs } = await quarantine('event record', [decidedItem()]);
    expect(outputs[1]?.[0]?.json).toMatchObject({
      escalation: {
        event: null,
        message: expect.stringContaining('needs a person') as string,
        problem: expect.stringContaining('no answer') as string,
      },
    });
  });

  test('an incident without a decision is not acted on', async () => {
    const { decision: _decision, ...undecided } = decidedItem();
    expect((await quarantine('pod delete', [undecided])).error?.message).toContain('has no decision');
  });

  test('an alert without a target is refused', async () => {
    const alert = alertOf('pod-delete-test', { target: null, targetProblem: 'not named' });
    const { outputs } = await quarantine('pod quarantine', [
      { ...decidedItem(), alert: alert as unknown as IDataObject },
    ]);
    expect(outputs[1]?.[0]?.json).toMatchObject({ response: { outcome: 'refused', target: null } });
  });

  test('an API server without TLS is refused', async () => {
    expect((await quarantine('pod getContext', [decidedItem()], {}, 'http://127.0.0.1:1')).error?.message).toContain(
      'must be an https URL',
    );
  });
});

describe('Pushgateway Metrics and Loki Push', () => {
  test('pass the incident on unchanged', async () => {
    const server = await serve((_request, response) => response.writeHead(200).end());
    const credentials = { pushgatewayApi: { url: server.url }, lokiApi: { url: server.url } };
    for (const node of [new PushgatewayMetrics(), new LokiPush()]) {
      const { outputs } = await runNode({
        node,
        items: [decidedItem()],
        parameters: { instance: 'test' },
        credentials,
      });
      expect(outputs[0]?.[0]).toMatchObject({ json: decidedItem(), pairedItem: { item: 0 } });
    }
    await server.close();
  });

  test('Loki Push that can neither keep nor send its line says so, and which incident it was', async () => {
    const port = Number(new URL(await nowhere()).port);
    const postgres = { host: '127.0.0.1', port, database: 'd', user: 'u', password: 'p', tls: 'off' };
    const url = await nowhere();
    const log = (to: string) =>
      runNode({
        node: new LokiPush(),
        items: [decidedItem()],
        credentials: { lokiApi: { url: to }, incidentPostgresApi: postgres },
      });
    expect((await log(url)).error).toMatchObject({
      message: expect.stringMatching(new RegExp(`Loki at ${url}.*\\[incident 667f71f5`)) as string,
      description: expect.stringContaining('check that Loki runs') as string,
    });
    const server = await serve((_request, response) => response.writeHead(204).end());
    const { error, hints } = await log(server.url);
    expect([error, hints]).toEqual([
      undefined,
      [expect.stringMatching(/^Logged, but nothing could be kept .*PostgreSQL 127\.0\.0\.1/)],
    ]);
    await server.close();
  });

  test('Loki Push of a record that is pruned fails if Loki does not have its line', async () => {
    const { error } = await runNode({
      node: new LokiPush(),
      items: [{ record: lastState() } as unknown as IDataObject],
      credentials: { lokiApi: { url: await nowhere() } },
    });
    expect(error?.message).toContain('Loki at');
  });

  test('Pushgateway Metrics shows its counts again without an item to count, and nothing before the first', async () => {
    const bodies: string[] = [];
    const server = await serve((_request, response, body) => {
      bodies.push(body);
      response.writeHead(200).end();
    });
    const run = (operation: string, items: IDataObject[]) =>
      runNode({
        node: new PushgatewayMetrics(),
        items,
        parameters: { operation, instance: 'again' },
        credentials: { pushgatewayApi: { url: server.url } },
      });
    await run('showAgain', [{}]);
    expect(bodies.filter((body) => body.includes('incident_pipeline_events_total 1'))).toEqual([]);
    await run('count', [decidedItem()]);
    const { error } = await run('showAgain', [{}]);
    expect(error).toBeUndefined();
    expect(bodies.filter((body) => body.includes('incident_pipeline_events_total 1')).length).toBe(2);
    await server.close();
  });

  test('Pushgateway Metrics keeps its counts while the server is down, and says which server, and what to do', async () => {
    const url = await nowhere();
    const count = (instance: string, to: string) =>
      runNode({
        node: new PushgatewayMetrics(),
        items: [decidedItem()],
        parameters: { instance },
        credentials: { pushgatewayApi: { url: to } },
      });
    const { outputs, error, hints } = await count('down', url);
    expect([error, outputs[0]?.[0]?.json]).toEqual([undefined, decidedItem()]);
    expect(hints).toEqual([
      expect.stringMatching(/^Counted, and shown later: Pushgateway at .* check that Pushgateway runs/),
    ]);
  });

  test('Pushgateway Metrics that cannot keep its counts puts the incident on the error output, for the log line', async () => {
    const port = Number(new URL(await nowhere()).port);
    const { outputs } = await runNode({
      node: new PushgatewayMetrics(),
      items: [decidedItem()],
      parameters: { instance: 'test' },
      credentials: {
        pushgatewayApi: { url: await nowhere() },
        incidentPostgresApi: { host: '127.0.0.1', port, database: 'd', user: 'u', password: 'p', tls: 'off' },
      },
      onError: 'continueErrorOutput',
    });
    expect(outputs[0]).toEqual([]);
    expect(outputs[1]?.[0]?.json).toMatchObject({
      ...decidedItem(),
      error: expect.stringContaining(
        `could not use the counts and waiting lines in PostgreSQL 127.0.0.1:${port}/d`,
      ) as string,
    });
  });

  test("take what n8n's Error Trigger says", async () => {
    const bodies: string[] = [];
    const server = await serve((_request, response, body) => {
      bodies.push(body);
      response.writeHead(200).end();
    });
    const items = [
      { execution: { id: '7', lastNodeExecuted: 'Log', error: { message: 'broke [incident abc-1]' } }, workflow: {} },
    ];
    await runNode({
      node: new PushgatewayMetrics(),
      items,
      parameters: { instance: 'test' },
      credentials: { pushgatewayApi: { url: server.url } },
    });
    await runNode({ node: new LokiPush(), items, credentials: { lokiApi: { url: server.url } } });
    expect(bodies.join('\n')).toContain('incident_pipeline_failure_total 1');
    expect(bodies.at(-1)).toContain('abc-1');
    await server.close();
  });

  // The last: what waits here would be sent by the others.
  test('Loki Push keeps its line while the server is down, says which server, and sends it when asked to', async () => {
    const received: string[] = [];
    const url = await nowhere();
    const log = (operation: string, items: IDataObject[]) =>
      runNode({ node: new LokiPush(), items, parameters: { operation }, credentials: { lokiApi: { url } } });
    const { outputs, error, hints } = await log('log', [decidedItem()]);
    expect([error, outputs[0]?.[0]?.json]).toEqual([undefined, decidedItem()]);
    expect(hints).toEqual([expect.stringMatching(/^Kept, and logged later: Loki at .* check that Loki runs/)]);
    const server = await serve(
      (_request, response, body) => {
        received.push(body);
        response.writeHead(204).end();
      },
      Number(new URL(url).port),
    );
    // In the pause after a failure nothing is sent.
    expect((await log('sendWaiting', [{}])).hints).toEqual([expect.stringContaining('logged later') as string]);
    expect(received).toEqual([]);
    await server.close();
  });
});
