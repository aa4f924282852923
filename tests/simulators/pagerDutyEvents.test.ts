import { account, ROUTING_KEY, trigger } from './support/pagerduty';

let is: Awaited<ReturnType<typeof account>>;
let now = new Date('2026-11-21T10:00:00Z');
const later = (seconds: number): void => {
  now = new Date(now.getTime() + seconds * 1000);
};

beforeEach(async () => {
  is = await account({ now: () => now });
});
afterEach(() => is.pagerDuty.close());

describe('an event', () => {
  it('is accepted with its dedup_key, and triggers an incident', async () => {
    const { status, body } = await is.send(trigger({ dedup_key: 'a' }));
    expect(status).toBe(202);
    expect(body).toEqual({ status: 'success', message: 'Event processed', dedup_key: 'a' });
    expect(is.pagerDuty.state().incidents).toMatchObject([
      { title: 'Netcat in a pod', status: 'triggered', key: 'a', assignees: ['PTUXL6G'], alerts: [{ key: 'a' }] },
    ]);
  });

  it('without a dedup_key gets one', async () => {
    const { body } = await is.send(trigger());
    expect(body).toMatchObject({ dedup_key: expect.stringMatching(/^[0-9a-f]{32}$/) as string });
  });

  it.each([
    ['no JSON', '{', 'JSON parse error'],
    ['no routing key', trigger({ routing_key: undefined }), "'routing_key' is missing or blank"],
    ['a key of another API', trigger({ routing_key: 'short' }), "Length of 'routing_key' is incorrect"],
    ['a key with other characters', trigger({ routing_key: '-'.repeat(32) }), 'non-alphanumeric'],
    ['no action', trigger({ event_action: undefined }), "'event_action' is missing or blank"],
    ['another action', trigger({ event_action: 'delete' }), "'event_action' is invalid"],
    ['no payload', trigger({ payload: undefined }), "'payload' is missing or blank"],
    ['no summary', trigger({}, { summary: '' }), "'payload.summary' is missing or blank"],
    ['no source', trigger({}, { source: undefined }), "'payload.source' is missing or blank"],
    ['a severity of Falco', trigger({}, { severity: 'Notice' }), "'payload.severity' is invalid"],
    ['too long a summary', trigger({}, { summary: 'x'.repeat(1025) }), "'summary' is too long"],
    ['too long a dedup_key', trigger({ dedup_key: 'x'.repeat(256) }), "'dedup_key' is too long"],
    ['no key to resolve', { routing_key: ROUTING_KEY, event_action: 'resolve' }, "'dedup_key' is missing or blank"],
    ['more than 512 KB', trigger({}, { custom_details: { text: 'x'.repeat(512 * 1024) } }), '512 KB'],
  ])('with %s is refused', async (_, event, error) => {
    const { status, body } = await is.send(event);
    expect(status).toBe(400);
    expect(body).toMatchObject({ status: 'invalid event', errors: [expect.stringContaining(error)] });
    expect(is.pagerDuty.state().incidents).toEqual([]);
  });

  it('for a key of nobody is refused', async () => {
    const { status, body } = await is.send(trigger({ routing_key: 'a'.repeat(32) }));
    expect(status).toBe(400);
    expect(body).toMatchObject({ message: 'Invalid routing key' });
  });

  it('of summary and dedup_key as long as they may be is accepted', async () => {
    const { status } = await is.send(trigger({ dedup_key: 'x'.repeat(255) }, { summary: 'x'.repeat(1024) }));
    expect(status).toBe(202);
  });
});

describe('the same dedup_key', () => {
  it('updates the alert while it is open', async () => {
    await is.send(trigger({ dedup_key: 'a' }));
    await is.send(trigger({ dedup_key: 'a' }, { severity: 'warning' }));
    expect(is.pagerDuty.state().incidents).toMatchObject([
      { alerts: [{ triggers: 2, event: { payload: { severity: 'warning' } } }] },
    ]);
  });

  it('triggers another incident once the alert is resolved', async () => {
    await is.send(trigger({ dedup_key: 'a' }));
    await is.send({ routing_key: ROUTING_KEY, event_action: 'resolve', dedup_key: 'a' });
    await is.send(trigger({ dedup_key: 'a' }));
    expect(is.pagerDuty.state().incidents.map(({ status }) => status)).toEqual(['resolved', 'triggered']);
  });

  it('acknowledges the incident', async () => {
    await is.send(trigger({ dedup_key: 'a' }));
    await is.send({ routing_key: ROUTING_KEY, event_action: 'acknowledge', dedup_key: 'a' });
    expect(is.pagerDuty.state().incidents).toMatchObject([{ status: 'acknowledged' }]);
  });

  it('of no alert is accepted and does nothing', async () => {
    const { status } = await is.send({ routing_key: ROUTING_KEY, event_action: 'resolve', dedup_key: "nobody's" });
    expect(status).toBe(202);
    expect(is.pagerDuty.state().incidents).toEqual([]);
  });
});

describe('alerts of a service that groups them', () => {
  const group = (fields: string[], aggregate: 'all' | 'any' = 'all') =>
    is.write('POST', '/alert_grouping_settings', {
      alert_grouping_setting: {
        name: 'By content',
        type: 'content_based',
        config: { aggregate, fields, time_window: 300 },
        services: [{ id: 'PF9KMXH' }],
      },
    });
  const alerts = (): number[] => is.pagerDuty.state().incidents.map((incident) => incident.alerts.length);
  const about = (summary: string, pod?: string) =>
    is.send(trigger({}, { summary, custom_details: pod === undefined ? {} : { pod } }));

  it('join the open incident when they are equal in every field', async () => {
    expect((await group(['summary', 'custom_details.pod'])).status).toBe(201);
    await about('Netcat', 'a');
    await about('Netcat', 'a');
    await about('Netcat', 'b');
    await about('Shell', 'a');
    expect(alerts()).toEqual([2, 1, 1]);
  });

  it('join when one field is equal, where any is enough', async () => {
    await group(['summary', 'custom_details.pod'], 'any');
    await about('Netcat', 'a');
    await about('Shell', 'a');
    expect(alerts()).toEqual([2]);
  });

  it('join nothing when they lack a field', async () => {
    await group(['custom_details.pod']);
    await about('Netcat');
    await about('Netcat');
    expect(alerts()).toEqual([1, 1]);
  });

  it('join as long as the window rolls on', async () => {
    await group(['summary']);
    await about('Netcat');
    later(250);
    await about('Netcat');
    later(250);
    await about('Netcat');
    later(301);
    await about('Netcat');
    expect(alerts()).toEqual([3, 1]);
  });

  it('join no incident that is resolved, and end it only together', async () => {
    await group(['summary']);
    for (const dedup_key of ['a', 'b']) await is.send(trigger({ dedup_key }));
    await is.send({ routing_key: ROUTING_KEY, event_action: 'resolve', dedup_key: 'a' });
    expect(is.pagerDuty.state().incidents).toMatchObject([{ status: 'triggered' }]);
    await is.send({ routing_key: ROUTING_KEY, event_action: 'resolve', dedup_key: 'b' });
    await is.send(trigger({ dedup_key: 'c' }));
    expect(is.pagerDuty.state().incidents.map(({ status }) => status)).toEqual(['resolved', 'triggered']);
  });

  it.each([
    ['a window that PagerDuty does not have', { config: { aggregate: 'all', fields: ['summary'], time_window: 299 } }],
    ['a field that alerts do not have', { config: { aggregate: 'all', fields: ['rule'], time_window: 300 } }],
    ['a service of nobody', { services: [{ id: 'PNOBODY' }] }],
    ['a type that is not simulated', { type: 'intelligent' }],
  ])('are not set up with %s', async (_, more) => {
    const { status, body } = await is.write('POST', '/alert_grouping_settings', {
      alert_grouping_setting: {
        name: 'x',
        type: 'content_based',
        config: { aggregate: 'all', fields: ['summary'], time_window: 86_400 },
        services: [{ id: 'PF9KMXH' }],
        ...more,
      },
    });
    expect(status).toBe(400);
    expect(body).toMatchObject({ error: { code: 2001 } });
  });

  it('are set up once', async () => {
    await group(['summary']);
    expect((await group(['source'])).status).toBe(400);
  });
});
