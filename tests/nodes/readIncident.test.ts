import type { ServerResponse } from 'node:http';

import type { IDataObject } from 'n8n-workflow';

import { incidentLine } from '../../core/telemetry/logLine';
import { LokiPush } from '../../nodes/LokiPush/LokiPush.node';
import { alertOf } from '../support/alerts';
import { runNode } from '../support/engine';
import { type RunningServer, serve } from '../support/httpServer';

const INCIDENT = { id: 'event-1"} | drop', firstSeen: '2026-11-21T10:15:30.000Z' };
const LINE = incidentLine({ alert: alertOf() }, [], { workflow: 'incident-pipeline', id: '7' });

let loki: RunningServer;
let answer: (response: ServerResponse) => void = () => undefined;
let asked: URL[] = [];

beforeAll(async () => {
  loki = await serve(({ url = '' }, response) => {
    asked.push(new URL(url, loki.url));
    answer(response);
  });
});
beforeEach(() => {
  asked = [];
});
afterAll(() => loki.close());

const has =
  (...lines: string[]) =>
  (response: ServerResponse) => {
    const values = lines.map((line, index) => [String(index + 1), line]);
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ data: { result: [{ stream: {}, values }] } }));
  };

const read = (items: IDataObject[], more: { onError?: 'continueRegularOutput' } = {}) =>
  runNode({
    node: new LokiPush(),
    items,
    parameters: { operation: 'readIncident' },
    credentials: { lokiApi: { url: loki.url } },
    ...more,
  });

describe('Read Incident', () => {
  test('adds the passes of the incident to the item, and asks for no other lines', async () => {
    answer = has(LINE.line, '{"event":"failure"}', 'no JSON');
    const { outputs, error } = await read([{ incident: INCIDENT, note: 'kept' }]);
    expect(error).toBeUndefined();
    expect(outputs.flat().map(({ json }) => json)).toEqual([
      { incident: INCIDENT, note: 'kept', log: [expect.objectContaining({ event: 'incident', decision: null })] },
    ]);
    for (const { searchParams } of asked)
      expect(searchParams.get('query')).toBe(
        `{job="incident-pipeline"} | incident_id="event-1\\"} | drop" | event=~"incident|resolved|sensor"`,
      );
  });

  test('says what to put before it if the item names no incident', async () => {
    const { error } = await read([{}]);
    expect(error).toMatchObject({
      message: expect.stringContaining('there is no incident to read') as string,
      description: expect.stringContaining('Incident: Get') as string,
    });
    expect(asked).toEqual([]);
  });

  test('leaves the item as it is, with the reason, where Loki does not answer and the node is set to continue', async () => {
    answer = (response) => {
      response.writeHead(403);
      response.end('no');
    };
    const { outputs } = await read([{ incident: INCIDENT }], { onError: 'continueRegularOutput' });
    expect(outputs.flat().map(({ json }) => json)).toEqual([
      expect.objectContaining({ incident: INCIDENT, error: expect.stringContaining('403') as string }),
    ]);
  });
});

test('the line of an incident leads to the execution that it is from', () => {
  expect(LINE.metadata).toMatchObject({ workflow_id: 'incident-pipeline', execution_id: '7' });
});
