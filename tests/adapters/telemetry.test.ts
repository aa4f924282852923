import { pushLines, sayOfLines } from '../../adapters/loki/push';
import { pushGroup } from '../../adapters/pushgateway/push';
import { type Said, timed } from '../../app/outputs/linesOutput';
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
    await pushLines(access(), timed([line], new Date(1_795_083_330_123)));
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
    await pushLines(access(), timed([line], new Date()));
    expect(received).toHaveLength(2);
  });

  test.each([
    [400, 'rejected', /entry too far behind/],
    [401, 'forbidden', /401/],
  ])('%d is final and says why', async (status, code, message) => {
    answers = [[status, 'entry too far behind']];
    await expect(pushLines(access(), timed([line], new Date()))).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message) as string,
    });
    expect(received).toHaveLength(1);
  });

  test.each<[string, number, string, number, Said]>([
    ['has them', 204, '', 1, 'taken'],
    ['finds one too old', 400, 'entry for stream has timestamp too old: 2020', 1, 'too old'],
    ['finds one too far behind', 400, 'entry too far behind, entry timestamp is: 1', 2, 'too old'],
    ['finds one in the future', 400, 'entry for stream has timestamp too new: 2031', 1, 'too new'],
    ['refuses one', 400, 'max entry size exceeded', 1, { refused: expect.stringContaining('max_line_size') as string }],
    ['gets too much at once', 413, '', 2, { refused: expect.stringContaining('413') as string }],
    ['gets too much in a second', 429, '', 2, { refused: expect.stringContaining('429') as string }],
    ['gets too much in a second, by one line', 429, '', 1, { down: expect.stringContaining('429') as string }],
    ['knows nobody', 401, '', 1, { down: expect.stringContaining('User and Password') as string }],
    ['is elsewhere', 404, '', 1, { down: expect.stringContaining('404') as string }],
    ['is not ready', 503, '', 1, { down: expect.stringContaining('503') as string }],
  ])('that %s says so of kept lines, and is asked once', async (_what, status, text, number, said) => {
    answers = [[status, text]];
    const lines = timed(
      Array.from({ length: number }, () => line),
      new Date(),
    );
    expect(await sayOfLines(access(), lines)).toEqual(said);
    expect(received).toHaveLength(1);
  });

  test('that is down is named', async () => {
    const gone = await serve(() => undefined);
    await gone.close();
    const push = pushLines({ ...access(), url: gone.url }, timed([line], new Date()));
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
