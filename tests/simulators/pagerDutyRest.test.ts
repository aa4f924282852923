import { request } from 'node:http';

import { account, HEADERS, NEO, trigger, USER } from './support/pagerduty';
import { call } from './support/call';

let is: Awaited<ReturnType<typeof account>>;
beforeEach(async () => {
  is = await account();
});
afterEach(() => is.pagerDuty.close());

const put = (id: string, wish: object) =>
  is.write('PUT', `/incidents/${id}`, { incident: { type: 'incident_reference', ...wish } });

describe('a request', () => {
  it.each([
    ['without a token', { authorization: undefined }, 401, 2006],
    ['with another token', { authorization: 'Token token=other' }, 401, 2006],
    ['with the token in another form', { authorization: 'Bearer simulated-pagerduty-token' }, 401, 2006],
    ['for another version', { accept: 'application/json' }, 406, 2001],
  ])('%s is refused', async (_, wrong, status, code) => {
    const id = await is.incident();
    const headers = Object.fromEntries(
      Object.entries({ ...HEADERS, ...wrong }).filter((header): header is [string, string] => header[1] !== undefined),
    );
    const answer = await call('GET', `${is.pagerDuty.url}/incidents/${id}`, { headers });
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({ error: { code, message: expect.any(String) as string } });
  });

  it("for what is not there gets PagerDuty's 404", async () => {
    for (const path of ['/incidents/PNOTHIS', '/incidents/PNOTHIS/alerts', '/users/PNOBODY', '/nothing']) {
      const { status, body } = await is.rest('GET', path);
      expect(status).toBe(404);
      expect(body).toEqual({ error: { message: 'Not Found', code: 2100 } });
    }
  });

  it("to one API under the other's host is for nothing", async () => {
    const status = await new Promise((resolve) => {
      request(
        `${is.pagerDuty.url}/v2/enqueue`,
        { method: 'POST', headers: { host: 'api.pagerduty.com' } },
        (answer) => {
          answer.resume();
          resolve(answer.statusCode);
        },
      ).end('{}');
    });
    expect(status).toBe(404);
  });
});

describe('a write', () => {
  it.each([
    ['without From', undefined, 2016],
    ['with a From that is no address', 'On Call', 1028],
    ['with the address of nobody', 'nobody@example.com', 1008],
  ])('%s is refused', async (_, from, code) => {
    const id = await is.incident();
    const body = { incident: { type: 'incident', status: 'resolved' } };
    const answer = await is.rest('PUT', `/incidents/${id}`, { headers: from === undefined ? {} : { from }, body });
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ error: { code } });
    expect(is.pagerDuty.state().incidents).toMatchObject([{ status: 'triggered' }]);
  });

  it.each([
    ['a status of no update', { status: 'triggered' }],
    ['an assignee of nobody', { assignments: [{ assignee: { id: 'PNOBODY', type: 'user_reference' } }] }],
    ['no assignee', { assignments: [] }],
    ['a field that there is none of', { state: 'resolved' }],
    ['a policy of nobody', { escalation_policy: { id: 'PNONE00', type: 'escalation_policy_reference' } }],
  ])('with %s is refused whole', async (_, wish) => {
    const id = await is.incident();
    const { status, body } = await put(id, { title: 'Changed', ...wish });
    expect(status).toBe(400);
    expect(body).toMatchObject({ error: { code: 2001 } });
    expect(is.pagerDuty.state().incidents).toMatchObject([{ title: 'Netcat in a pod' }]);
  });
});

describe('an incident', () => {
  it("is told in PagerDuty's form", async () => {
    const id = await is.incident();
    const { status, body } = await is.rest('GET', `/incidents/${id}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      incident: {
        id,
        type: 'incident',
        summary: '[#1] Netcat in a pod',
        self: `https://api.pagerduty.com/incidents/${id}`,
        html_url: `https://acme.pagerduty.com/incidents/${id}`,
        status: 'triggered',
        service: { id: 'PF9KMXH', type: 'service_reference' },
        assignments: [{ assignee: { id: USER.id, type: 'user_reference' } }],
        escalation_policy: { id: 'PUS0KTE' },
        alert_counts: { all: 1, triggered: 1, resolved: 0 },
      },
    });
  });

  it('is acknowledged, given to somebody else and resolved', async () => {
    const id = await is.incident();
    expect((await put(id, { status: 'acknowledged' })).body).toMatchObject({
      incident: { status: 'acknowledged', acknowledgements: [{ acknowledger: { id: USER.id } }] },
    });
    const given = await put(id, { assignments: [{ assignee: { id: NEO.id, type: 'user_reference' } }] });
    expect(given.body).toMatchObject({ incident: { status: 'triggered', assigned_via: 'direct_assignment' } });
    expect(is.pagerDuty.state().incidents).toMatchObject([{ assignees: [NEO.id] }]);
    await put(id, { status: 'resolved', resolution: 'Isolated.' });
    expect(is.pagerDuty.state().incidents).toMatchObject([
      {
        status: 'resolved',
        resolution: 'Isolated.',
        assignees: [],
        notes: [{ user: USER.id, content: 'Resolution Note: Isolated.' }],
        alerts: [{ status: 'resolved' }],
      },
    ]);
  });

  it.each([
    ['acknowledged', { status: 'acknowledged' }],
    ['resolved again', { status: 'resolved' }],
    ['given to somebody', { assignments: [{ assignee: { id: NEO.id, type: 'user_reference' } }] }],
  ])('that is resolved is not %s', async (_, wish) => {
    const id = await is.incident();
    await put(id, { status: 'resolved' });
    const { status, body } = await put(id, wish);
    expect(status).toBe(400);
    expect(body).toEqual({ error: { message: 'Incident Already Resolved', code: 1001 } });
  });

  it('has notes', async () => {
    const id = await is.incident();
    const { status, body } = await is.write('POST', `/incidents/${id}/notes`, { note: { content: 'Isolated.' } });
    expect(status).toBe(200);
    expect(body).toMatchObject({ note: { content: 'Isolated.', user: { id: USER.id } } });
    expect((await is.rest('GET', `/incidents/${id}/notes`)).body).toMatchObject({ notes: [{ content: 'Isolated.' }] });
    expect((await is.write('POST', `/incidents/${id}/notes`, { note: { content: ' ' } })).status).toBe(400);
  });
});

describe('the alerts of an incident', () => {
  it('hold what the sender said of them', async () => {
    const id = await is.incident({ class: 'kernel', custom_details: { rule: 'Netcat', 'k8s.pod.name': 'a' } });
    const { body } = await is.rest('GET', `/incidents/${id}/alerts`);
    expect(body).toMatchObject({
      alerts: [
        {
          type: 'alert',
          severity: 'critical',
          status: 'triggered',
          incident: { id },
          body: {
            type: 'alert_body',
            contexts: [],
            details: { rule: 'Netcat', 'k8s.pod.name': 'a' },
            cef_details: { source_origin: 'falco', event_class: 'kernel', details: { rule: 'Netcat' } },
          },
        },
      ],
    });
  });

  it('come in pages', async () => {
    is.pagerDuty.configure({
      grouping: [
        {
          id: 'PGR0UP1',
          name: 'All',
          config: { aggregate: 'all', fields: ['source'], time_window: 3600 },
          services: ['PF9KMXH'],
        },
      ],
    });
    for (const dedup_key of ['a', 'b', 'c']) await is.send(trigger({ dedup_key }));
    const [incident] = is.pagerDuty.state().incidents;
    const path = `/incidents/${incident?.id ?? ''}/alerts`;
    expect((await is.rest('GET', `${path}?limit=2`)).body).toMatchObject({
      alerts: [{ alert_key: 'a' }, { alert_key: 'b' }],
      limit: 2,
      offset: 0,
      more: true,
      total: null,
    });
    expect((await is.rest('GET', `${path}?limit=2&offset=2&total=true`)).body).toMatchObject({
      alerts: [{ alert_key: 'c' }],
      more: false,
      total: 3,
    });
    expect((await is.rest('GET', `${path}?limit=101`)).status).toBe(400);
  });
});

it('finds users by name and address', async () => {
  expect((await is.rest('GET', '/users?query=neo')).body).toMatchObject({ users: [{ id: NEO.id, email: NEO.email }] });
  expect((await is.rest('GET', `/users/${USER.id}`)).body).toMatchObject({ user: { name: 'User 123' } });
});

describe('told to fail', () => {
  it('answers the next requests with a status and goes on', async () => {
    const id = await is.incident();
    await is.admin('POST', 'next', { times: 2, status: 429, retryAfter: 7, method: 'GET', path: '/incidents/' });
    for (const _ of [1, 2]) {
      const { status, headers, body } = await is.rest('GET', `/incidents/${id}`);
      expect(status).toBe(429);
      expect(headers.get('ratelimit-reset')).toBe('7');
      expect(headers.get('ratelimit-remaining')).toBe('0');
      expect(body).toEqual({ error: { message: 'Rate Limit Exceeded', code: 2020 } });
    }
    expect((await is.rest('GET', `/incidents/${id}`)).status).toBe(200);
  });

  it('says too many events in the words of the Events API', async () => {
    await is.admin('POST', 'next', { status: 429 });
    expect((await is.send(trigger())).body).toMatchObject({ status: 'throttle exceeded' });
    expect(is.pagerDuty.state().incidents).toEqual([]);
  });

  it('ends the connection before or after it has done what it was asked', async () => {
    const id = await is.incident();
    await is.admin('POST', 'next', { drop: 'before' });
    await expect(put(id, { status: 'acknowledged' })).rejects.toThrow();
    expect(is.pagerDuty.state().incidents).toMatchObject([{ status: 'triggered' }]);
    await is.admin('POST', 'next', { drop: 'after' });
    await expect(put(id, { status: 'acknowledged' })).rejects.toThrow();
    expect(is.pagerDuty.state().incidents).toMatchObject([{ status: 'acknowledged' }]);
  });

  it('refuses what it does not understand', async () => {
    expect((await is.admin('POST', 'next', { code: 500 })).status).toBe(400);
    expect((await is.admin('PUT', 'configuration', { users: 'all' })).status).toBe(400);
  });
});

it('tells what it was asked, without the token', async () => {
  const id = await is.incident();
  const { body } = await is.admin('GET', 'requests');
  expect(body).toMatchObject([{ method: 'POST', path: '/v2/enqueue', status: '202' }]);
  await is.rest('GET', `/incidents/${id}`);
  expect(JSON.stringify((await is.admin('GET', 'requests')).body)).not.toContain('simulated-pagerduty-token');
});

it('forgets everything but its configuration', async () => {
  await is.incident();
  await is.admin('PUT', 'configuration', { subdomain: 'other' });
  expect((await is.admin('POST', 'reset')).status).toBe(204);
  expect((await is.admin('GET', 'state')).body).toEqual({ incidents: [], deliveries: [] });
  expect((await is.admin('GET', 'configuration')).body).toMatchObject({ subdomain: 'other', users: [{}, {}, {}] });
});
