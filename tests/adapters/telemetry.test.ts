import { pushLines } from '../../adapters/loki/push';
import { pushGroup } from '../../adapters/pushgateway/push';
import { PipelineError } from '../../core/errors';
import { incidentLine } from '../../core/telemetry/logLine';
import { alertOf } from '../support/alerts';
import { type RunningServer, serve } from '../support/httpServer';

interface Received {
  method: string;
  url: string;
  headers: Record<string, unknown>;
  body: string;
}

let server: RunningServer;
let received: Received[] = [];
/** Status and body of the next answers; then 200 with nothing. */
let answers: [number, string][] = [];

beforeAll(async () => {
  server = await serve((request, response, body) => {
    received.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body });
    const [status, text] = answers.shift() ?? [200, ''];
    response.writeHead(status).end(text);
  });
});
afterAll(() => server.close());
beforeEach(() => {
  received = [];
  answers = [];
});

describe('Loki', () => {
  const access = () => ({ url: server.url, tenant: 'team', username: 'u', password: 'p' });
  const line = incidentLine({ alert: alertOf() });

  test('gets one line with labels, metadata and a time in nanoseconds', async () => {
    await pushLines(access(), [line], new Date(1_795_083_330_123));
    expect(received[0]).toMatchObject({
      method: 'POST',
      url: '/loki/api/v1/push',
      headers: { 'x-scope-orgid': 'team', authorization: 'Basic dTpw' },
    });
    expect(JSON.parse(received[0]?.body ?? '')).toEqual({
      streams: [{ stream: line.labels, values: [['1795083330123000000', line.line, line.metadata]] }],
    });
  });

  test('is asked again after 503', async () => {
    answers = [
      [503, ''],
      [204, ''],
    ];
    await pushLines(access(), [line], new Date());
    expect(received).toHaveLength(2);
  });

  test.each([
    [400, 'rejected', /entry too far behind/],
    [401, 'forbidden', /401/],
  ])('%d is final and says why', async (status, code, message) => {
    answers = [[status, 'entry too far behind']];
    await expect(pushLines(access(), [line], new Date())).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message) as string,
    });
    expect(received).toHaveLength(1);
  });

  test('that is down is named', async () => {
    const gone = await serve(() => undefined);
    await gone.close();
    const push = pushLines({ ...access(), url: gone.url }, [line], new Date());
    await expect(push).rejects.toThrow(PipelineError);
    await expect(push).rejects.toThrow(`Loki at ${gone.url}`);
  });
});

describe('Pushgateway', () => {
  const access = () => ({ url: server.url, username: '', password: '' });
  const group = { instance: 'n8n', store: 'host-0a1b2c3d' };

  test('gets the whole state in one group, each time', async () => {
    await pushGroup(access(), group, 'a 1\n');
    expect(received).toMatchObject([
      { method: 'PUT', url: '/metrics/job/incident-pipeline/instance/n8n/store/host-0a1b2c3d', body: 'a 1\n' },
    ]);
  });

  test.each([400, 404])('that answers %d is named', async (status) => {
    answers = [[status, 'no']];
    await expect(pushGroup(access(), group, '')).rejects.toThrow(`answered ${status}`);
  });
});
