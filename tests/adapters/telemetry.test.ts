import { pushLines } from '../../adapters/loki/push';
import { metricsGroup } from '../../adapters/pushgateway/push';
import { PipelineError } from '../../core/errors';
import { incidentLine } from '../../core/telemetry/logLine';
import { measure, type Measures } from '../../core/telemetry/measure';
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
  const group = (instance: string) => metricsGroup(server.url, instance);
  const push = (to: ReturnType<typeof group>) => to.push({ url: server.url, username: '', password: '' });
  const empty: [number, string] = [200, '{"status":"success","data":[]}'];
  const measures: Measures = {
    ...measure({ alert: alertOf() }),
    decision: 'delete_pod',
    classification: 'true_positive',
    acknowledgeSeconds: 0.2,
    respondSeconds: 0.4,
  };

  test('gets the whole state in one group, each time', async () => {
    answers = [empty];
    const one = group('whole');
    one.countIncident('a', measures);
    await push(one);
    one.countIncident('b', { ...measures, decision: 'ignore', respondSeconds: null });
    await push(one);
    const [read, first, second] = received;
    expect(read).toMatchObject({ method: 'GET', url: '/api/v1/metrics' });
    expect(first).toMatchObject({ method: 'PUT', url: '/metrics/job/incident-pipeline/instance/whole' });
    expect(first?.body).toContain('incident_pipeline_mttr_seconds 0.4');
    expect(first?.body).toContain('incident_pipeline_decision_total{decision="ignore"} 0');
    expect(second?.body).toContain('incident_pipeline_decision_total{decision="delete_pod"} 1');
    expect(second?.body).toContain('incident_pipeline_decision_total{decision="ignore"} 1');
    expect(second?.body).toContain('incident_pipeline_respond_seconds_count 1');
  });

  test('records no response times before there is one', async () => {
    answers = [empty];
    const one = group('early');
    one.countIncident('a', { ...measures, acknowledgeSeconds: null, respondSeconds: null });
    await push(one);
    expect(received[1]?.body).not.toMatch(/mtt[ar]_seconds/);
  });

  test('counts an incident once, however often its execution is retried', async () => {
    answers = [empty];
    const one = group('once');
    one.countIncident('a', measures);
    one.countIncident('a', measures);
    await push(one);
    expect(received[1]?.body).toContain('incident_pipeline_events_total 1');
  });

  test('counts the repeats of incidents that ended, and what each came to', async () => {
    answers = [empty];
    const one = group('ended');
    one.countIncident('a', { ...measures, endedEvents: 3 });
    one.countEnded([
      { incident: 'a', events: 7, repeats: 6 },
      { incident: 'b', events: 5000, repeats: 0 },
    ]);
    await push(one);
    expect(received[1]?.body).toContain('incident_pipeline_events_total 7');
    expect(received[1]?.body).toContain('incident_pipeline_repeats_total 6');
    expect(received[1]?.body).toContain('incident_pipeline_incident_events_bucket{le="10"} 2');
    expect(received[1]?.body).toContain('incident_pipeline_incident_events_sum 5010');
  });

  test("counts a person's decision on several pods once, and each of its actions", async () => {
    answers = [empty];
    const one = group('several');
    const approval = { state: 'Approved', classification: 'true_positive' };
    for (const part of [1, 2, 3])
      one.countIncident(`a/Approved ${part}`, {
        ...measures,
        approval,
        isFurtherPod: part > 1,
        actions: [{ action: 'quarantine_pod', outcome: 'done' }],
      });
    await push(one);
    for (const line of [
      'incident_pipeline_approval_total{state="Approved"} 1',
      'incident_pipeline_action_total{action="quarantine_pod",outcome="done"} 3',
      'incident_pipeline_events_total 0',
    ])
      expect(received[1]?.body).toContain(line);
  });

  test('counts a self-test in its own series once, and in no other', async () => {
    answers = [empty, [200, '']];
    const one = group('synthetic');
    await push(one);
    const tested = { ...measure({ alert: alertOf('pod-delete-test', { synthetic: true }) }), acknowledgeSeconds: 0.2 };
    const everything: Measures = {
      ...tested,
      decision: 'delete_pod',
      actions: [{ action: 'delete_pod', outcome: 'done' }],
      guardrails: ['budget'],
      respondSeconds: 0.4,
      containSeconds: { first: 0.1, decided: 0.4 },
      clockSkews: 1,
      stages: { decision: 0.1 },
      tokens: { input: 10, output: 3 },
      modelFallbacks: 1,
    };
    one.countIncident('a', everything);
    one.countIncident('a/Approved', {
      ...everything,
      approval: { state: 'Approved', classification: 'true_positive' },
    });
    await push(one);
    const series = (index: number) => (received[index]?.body ?? '').split('\n').filter((line) => !line.startsWith('#'));
    const counted = 'incident_pipeline_synthetic_total{decision="delete_pod"}';
    expect(series(2)).toEqual(series(1).map((line) => (line === `${counted} 0` ? `${counted} 1` : line)));
    expect(series(2)).toContain(`${counted} 1`);
  });

  test('that is down loses nothing: the next push carries it', async () => {
    answers = [[400, 'no']];
    const one = group('down');
    one.countIncident('a', measures);
    await expect(push(one)).rejects.toThrow('answered 400');
    answers = [empty];
    one.countIncident('b', measures);
    await push(one);
    expect(received.at(-1)?.body).toContain('incident_pipeline_events_total 2');
  });

  test('that cannot say what it holds is never overwritten', async () => {
    answers = [[200, '<html>Prometheus</html>']];
    const one = group('strange');
    one.countIncident('a', measures);
    await expect(push(one)).rejects.toThrow('did not say what it holds');
    expect(received.map(({ method }) => method)).toEqual(['GET']);
  });

  test('is asked what it holds, so that counters and histograms go on after a restart', async () => {
    const labels = { instance: 'resumed', job: 'incident-pipeline' };
    const family = (metrics: unknown[]) => ({ time_stamp: '2026-11-21T10:00:00Z', type: '', help: '', metrics });
    const held = {
      labels,
      last_push_successful: true,
      incident_pipeline_events_total: family([{ labels, value: '41' }]),
      incident_pipeline_decision_total: family([{ labels: { ...labels, decision: 'delete_pod' }, value: '7' }]),
      incident_pipeline_mttr_seconds: family([{ labels, value: '3.5' }]),
      incident_pipeline_respond_seconds: family([
        { labels, count: '7', sum: '21', buckets: { '0.5': '2', '10': '7', '+Inf': '7' } },
      ]),
    };
    answers = [[200, JSON.stringify({ status: 'success', data: [{ labels: { job: 'other' } }, held] })]];
    const one = group('resumed');
    one.countIncident('a', { ...measures, respondSeconds: null });
    await push(one);
    const body = received[1]?.body;
    expect(body).toContain('incident_pipeline_events_total 42');
    expect(body).toContain('incident_pipeline_decision_total{decision="delete_pod"} 8');
    expect(body).toContain('incident_pipeline_mttr_seconds 3.5');
    expect(body).toContain('incident_pipeline_respond_seconds_bucket{le="0.5"} 2');
    expect(body).toContain('incident_pipeline_respond_seconds_bucket{le="+Inf"} 7');
    expect(body).toContain('incident_pipeline_respond_seconds_count 7');
  });
});
