import { formatsOf } from '../../core/alert/normalise';
import { GATE_HEADERS } from '../../core/names';
import { SENDERS } from '../../core/sources/senders';
import { readPermit } from '../../gate/repeats/permit';
import { K8sQuarantine } from '../../nodes/K8sQuarantine/K8sQuarantine.node';
import { NeoTask } from '../../nodes/NeoTask/NeoTask.node';
import { SENDER_FACTS } from '../../nodes/SecurityAlertTrigger/senders';
import { starts } from '../../nodes/shared/turns';
import { SecurityAlertTrigger } from '../../nodes/SecurityAlertTrigger/SecurityAlertTrigger.node';
import { payload, payloadText } from '../support/alerts';
import { reportText, signatureOf } from '../support/reports';
import { type RunningTrigger, serveTrigger } from '../support/webhook';

/** The nodes with credentials that depend on an option, and one with an option of the same kind. */
const OURS = [new SecurityAlertTrigger(), new NeoTask(), new K8sQuarantine()];

const SECRET = 'a secret of the test';
const NEW = 'signing-secret-of-today';
const OLD = 'signing-secret-of-yesterday';
const GONE = 'signing-secret-of-last-year';

/** The credential of a sender's own type. */
function credentialOf(sender?: string, secrets = NEW): Record<string, Record<string, string>> {
  if (sender === 'pagerDuty') return { pagerDutyWebhookApi: { secrets } };
  return sender === 'reports'
    ? { securityReportSecretApi: { secret: SECRET } }
    : { securityAlertSecretApi: { secret: SECRET } };
}

let stores = true;
let trigger: RunningTrigger;
const start = async (sender?: string, secrets = `${NEW} ${OLD}`) => {
  stores = true;
  trigger = await serveTrigger({
    node: new SecurityAlertTrigger(),
    parameters: sender === undefined ? {} : { sender },
    credentials: credentialOf(sender, secrets),
    stores: () => stores,
  });
};
afterEach(() => trigger.close());

const reason = (pattern: RegExp) => ({ status: 'rejected', reason: expect.stringMatching(pattern) as string });

describe('PagerDuty', () => {
  const body = reportText('pagerduty-triggered');
  let deliveries = 0;
  const post = (text: string, signature?: string, id = `delivery-${++deliveries}`) =>
    trigger.post(text, {
      'content-type': 'application/json',
      'x-webhook-id': id,
      ...(signature === undefined ? {} : { 'x-pagerduty-signature': signature }),
    });
  /** Bytes that no test sent before, since those would be a duplicate. */
  const fresh = (text = body) => `${text}${' '.repeat(++deliveries)}`;

  describe('is turned away with 401 and no execution', () => {
    beforeEach(() => start('pagerDuty'));

    test.each<[string, (text: string) => string | undefined]>([
      ['without a signature', () => undefined],
      ['with an empty one', () => ''],
      ['with one by another secret', (text) => signatureOf(text, 'of somebody else')],
      ['with one by a secret that was taken out', (text) => signatureOf(text, GONE)],
      ['with one of another body', (text) => signatureOf(`${text} `, NEW)],
      ['with one of another version', (text) => signatureOf(text, NEW).replace('v1=', 'v2=')],
      ['with one that lacks a digit', (text) => signatureOf(text, NEW).slice(0, -1)],
      ['with one that is no hexadecimal', () => `v1=${'z'.repeat(64)}`],
      ['with one behind more than anybody sends', (text) => `${'v1=00,'.repeat(16)}${signatureOf(text, NEW)}`],
    ])('%s', async (_what, sign) => {
      const text = fresh();
      expect(await post(text, sign(text))).toEqual({
        status: 401,
        body: reason(/X-PagerDuty-Signature .* V3 webhook/),
      });
      expect(trigger.executions).toEqual([]);
    });

    test('and is not told what is wrong with its body', async () => {
      const said = await Promise.all(
        ['{', '{}', reportText('pagerduty-v2'), 'x'.repeat(2_000_000)].map((text) => post(text, 'v1=')),
      );
      for (const answer of said) expect(answer).toEqual({ status: 401, body: reason(/V2 webhooks have none/) });
    });

    test('when the credential holds no secret', async () => {
      await trigger.close();
      await start('pagerDuty', ' , ');
      expect(await post(body, signatureOf(body, ''))).toMatchObject({ status: 401 });
    });
  });

  describe('is taken', () => {
    beforeEach(() => start('pagerDuty'));

    test.each<[string, (text: string) => string]>([
      ['signed by the new secret', (text) => signatureOf(text, NEW)],
      ['signed by the one before', (text) => signatureOf(text, OLD)],
      ['signed by both', (text) => `${signatureOf(text, GONE)},${signatureOf(text, NEW)}`],
      ['signed by the second, behind a space', (text) => `v1=00, ${signatureOf(text, OLD)}`],
      ['signed in capitals', (text) => signatureOf(text, NEW).replace(/[a-f]/g, (digit) => digit.toUpperCase())],
    ])('%s', async (_what, sign) => {
      const text = fresh();
      const { status, body: answer } = await post(text, sign(text));
      expect({ status, answer }).toEqual({
        status: 202,
        answer: { status: 'accepted', incident: expect.any(String) as string },
      });
      expect(trigger.executions).toMatchObject([[{ alert: { id: answer.incident, trust: 'report', target: null } }]]);
    });
  });

  const signed = (text: string, id?: string) => post(text, signatureOf(text, NEW), id);

  describe('rightly signed', () => {
    beforeEach(() => start('pagerDuty'));

    test.each<[string, string, RegExp]>([
      ['what is not JSON', '{"event":', /not JSON/],
      ['an empty body', '', /not JSON/],
      ['a list', '[]', /not a JSON object/],
      [
        'a V2 webhook',
        reportText('pagerduty-v2'),
        /V2 webhook \(incident\.trigger\).*Create a V3 webhook subscription/,
      ],
      ["another tool's alert", payloadText('test-shell'), /not an alert of a known source \(PagerDuty V3 webhook\)/],
      [
        'an event without an incident',
        JSON.stringify({
          event: { id: 'a', event_type: 'incident.triggered', occurred_at: '2026-11-21T10:15:30Z', data: null },
        }),
        /event\.data/,
      ],
    ])('%s is refused with the reason', async (_what, text, pattern) => {
      expect(await signed(text)).toEqual({ status: 400, body: reason(pattern) });
      expect(trigger.executions).toEqual([]);
    });

    test.each(['pagerduty-ping', 'pagerduty-annotated'])('%s is answered and starts nothing', async (name) => {
      expect(await signed(reportText(name))).toEqual({
        status: 202,
        body: { status: 'ignored', reason: expect.any(String) as string },
      });
      expect(trigger.executions).toEqual([]);
    });

    test('a delivery that comes again is told its incident and starts nothing', async () => {
      const text = fresh();
      const { body: first } = await signed(text, 'again');
      const second = await signed(text, 'again');
      expect(second).toEqual({ status: 202, body: { status: 'duplicate', incident: first.incident } });
      expect(trigger.executions).toHaveLength(1);
    });

    test('a copy under another id is the same delivery', async () => {
      const text = fresh();
      await signed(text, 'original');
      expect((await signed(text, 'replayed')).body.status).toBe('duplicate');
    });

    test('a delivery without an id is taken, and known by its bytes', async () => {
      const text = fresh();
      expect((await signed(text, '')).body.status).toBe('accepted');
      expect((await signed(text, '')).body.status).toBe('duplicate');
    });

    test('nobody makes a delivery a duplicate without a signature', async () => {
      await post(fresh(), 'v1=', 'victim');
      expect((await signed(fresh(), 'victim')).body.status).toBe('accepted');
    });

    test('an attempt that n8n could not store is not a duplicate when it comes again', async () => {
      const text = fresh();
      stores = false;
      expect((await signed(text, 'lost')).status).toBe(500);
      stores = true;
      expect((await signed(text, 'lost')).body.status).toBe('accepted');
      expect(trigger.executions).toHaveLength(1);
    });
  });
});

describe('reports', () => {
  const post = (text: string, secret = SECRET) => trigger.post(text, { 'x-alert-secret': secret });
  const firing = reportText('alertmanager-firing');

  test('need the secret', async () => {
    await start('reports');
    expect(await post(firing, 'wrong')).toEqual({ status: 401, body: reason(/X-Alert-Secret/) });
    expect(await trigger.post(firing, { 'x-pagerduty-signature': signatureOf(firing, SECRET) })).toMatchObject({
      status: 401,
    });
    expect(trigger.executions).toEqual([]);
  });

  test('of Alertmanager start one execution with an item for each alert', async () => {
    await start('reports');
    const { status, body } = await post(firing);
    expect({ status, said: body.status }).toEqual({ status: 202, said: 'accepted' });
    const items = trigger.executions[0] ?? [];
    expect(items.map(({ alert }) => (alert as { id: string }).id)).toEqual(body.incidents);
    expect(items).toMatchObject([{ alert: { trust: 'report' } }, { alert: { trust: 'report' } }]);
  });

  test.each(['trivy-vulnerabilities', 'trivy-secrets', 'policy-reporter-pod'])(
    '%s comes the same way',
    async (name) => {
      await start('reports');
      expect(await post(reportText(name), 'wrong')).toMatchObject({ status: 401 });
      expect(await post(reportText(name))).toMatchObject({ status: 202, body: { status: 'accepted' } });
      expect(trigger.executions).toMatchObject([[{ alert: { trust: 'report' } }]]);
    },
  );

  test.each(['trivy-config-audit', 'policy-reporter-heartbeat'])('%s is answered and starts nothing', async (name) => {
    await start('reports');
    expect(await post(reportText(name))).toMatchObject({ status: 202, body: { status: 'ignored' } });
    expect(trigger.executions).toEqual([]);
  });

  test('do not let Alertmanager speak as Falco', async () => {
    await start('reports');
    const formats = formatsOf('reports');
    expect(formats).toEqual(expect.arrayContaining(['policy-reporter', 'Alertmanager', 'Trivy Operator']));
    expect(formats).not.toContain('Falcosidekick');
    expect(await post(payloadText('pod-delete-test'))).toMatchObject({
      status: 400,
      body: reason(new RegExp(`known source \\(${formats.join(', ')}\\)`)),
    });
  });
});

describe('Falcosidekick', () => {
  const post = (text: string) => trigger.post(text, { 'x-alert-secret': SECRET });

  test('is who a trigger that is set to it accepts alerts from', async () => {
    await start('falcosidekick');
    expect(await post(payloadText('test-shell'))).toMatchObject({ status: 202 });
    expect(trigger.executions).toMatchObject([[{ alert: { source: 'falco', trust: 'kernel' } }]]);
    expect(await post(reportText('alertmanager-firing'))).toMatchObject({ status: 400 });
    expect(await post(reportText('pagerduty-triggered'))).toMatchObject({ status: 400 });
  });
});

describe('an alert that repeats what its incident says', () => {
  const post = (text = payloadText('test-shell')) => trigger.post(text, { 'x-alert-secret': SECRET });

  test('is answered with its incident, and starts nothing', async () => {
    await start('falcosidekick');
    const { body: first } = await post();
    expect(await post()).toEqual({
      status: 202,
      body: { status: 'accepted', incident: first.incident, repeated: 1 },
    });
    expect(trigger.executions).toHaveLength(1);
  });

  test('permits the gate to answer its like, and counts for those that the gate answered', async () => {
    await start('falcosidekick');
    const permitOf = async (headers = {}) =>
      (
        await fetch(trigger.url, {
          method: 'POST',
          body: payloadText('test-shell'),
          headers: { 'x-alert-secret': SECRET, ...headers },
        })
      ).headers.get(GATE_HEADERS.permit);
    expect(await permitOf()).toBeNull();
    expect(readPermit((await permitOf({ [GATE_HEADERS.count]: '41' })) ?? undefined)).toMatchObject({
      same: ['x-alert-secret', 'content-type'],
      differ: expect.arrayContaining(['time', 'output_fields/proc.*']) as string[],
    });
    await permitOf({ [GATE_HEADERS.count]: '-5 of them' });
    await post(JSON.stringify(payload('test-shell', { priority: 'Emergency' })));
    expect(trigger.executions[1]).toMatchObject([{ alert: { incident: { why: 'raised', count: 45 } } }]);
  });

  test.each<[string, string, object | null]>([
    [
      'lets the gate put alerts first that the playbook acts on',
      'pod-quarantine-test',
      { same: ['x-alert-secret', 'content-type'], field: 'rule' },
    ],
    ['lets no other alert come first', 'test-shell', null],
  ])('%s', async (_what, alert, urgency) => {
    await start('falcosidekick');
    const request = { method: 'POST', body: payloadText(alert), headers: { 'x-alert-secret': SECRET } };
    for (const _time of ['new', 'repeated']) {
      const header = (await fetch(trigger.url, request)).headers.get(GATE_HEADERS.urgent);
      expect(JSON.parse(header ?? 'null')).toEqual(urgency);
    }
  });

  test('starts the workflow in its turn, and at once for an alert on which the playbook acts', async () => {
    let begin = (): void => undefined;
    const turn = jest.spyOn(starts, 'take').mockReturnValue(new Promise((resolve) => (begin = resolve)));
    await start('falcosidekick');
    const waiting = post();
    await post(payloadText('pod-quarantine-test'));
    expect(trigger.executions).toMatchObject([[{ alert: { incident: { why: 'opened' } } }]]);
    begin();
    expect((await waiting).status).toBe(202);
    expect(trigger.executions).toHaveLength(2);
    expect(turn).toHaveBeenCalledTimes(1);
  });

  test('starts the workflow after all if n8n could not store the execution before', async () => {
    await start('falcosidekick');
    stores = false;
    expect((await post()).status).toBe(500);
    stores = true;
    expect((await post()).body).not.toHaveProperty('repeated');
    expect(trigger.executions).toMatchObject([[{ alert: { incident: { why: 'retried' } } }]]);
  });

  test('starts the workflow each time if the trigger has no credential of the cluster that keeps incidents', async () => {
    trigger = await serveTrigger({
      node: new SecurityAlertTrigger(),
      parameters: { sender: 'falcosidekick', incidentStore: 'kubernetes' },
      credentials: credentialOf('falcosidekick'),
    });
    for (const time of [1, 2, 3]) {
      expect((await post()).body).not.toHaveProperty('repeated');
      expect(trigger.executions).toHaveLength(time);
    }
  });
});

describe('a trigger whose sender and credential do not fit', () => {
  const MISFITS: [string, string | undefined, Record<string, Record<string, string>>, RegExp][] = [
    ['no sender, as before one is chosen', undefined, credentialOf('falcosidekick'), /nobody chose whose alerts/],
    ['a sender that is not on the list', 'everybody', credentialOf('falcosidekick'), /no option "everybody"/],
    [
      'Falcosidekick with the report secret',
      'falcosidekick',
      credentialOf('reports'),
      /no credential "Falcosidekick Secret"/,
    ],
    [
      "Falcosidekick with PagerDuty's secret",
      'falcosidekick',
      credentialOf('pagerDuty'),
      /no credential "Falcosidekick/,
    ],
    ["reports with Falcosidekick's secret", 'reports', credentialOf('falcosidekick'), /no credential "Report Secret"/],
    ["PagerDuty with Falcosidekick's secret", 'pagerDuty', credentialOf('falcosidekick'), /no credential "PagerDuty/],
    ['no credential', 'falcosidekick', {}, /no credential "Falcosidekick Secret"/],
    [
      'the credentials of two senders',
      'falcosidekick',
      { ...credentialOf('falcosidekick'), ...credentialOf('reports') },
      /"Report Secret" of reports as well/,
    ],
  ];
  const misfit = async (sender: string | undefined, credentials: Record<string, Record<string, string>>) => {
    trigger = await serveTrigger({
      node: new SecurityAlertTrigger(),
      parameters: sender === undefined ? {} : { sender },
      credentials,
    });
  };

  test.each(MISFITS)('does not start: %s', async (_what, sender, credentials, reason) => {
    await misfit(sender, credentials);
    await expect(trigger.activate()).rejects.toThrow(reason);
    await expect(trigger.activate()).rejects.toThrow(/Open the trigger/);
  });

  test.each(MISFITS)('refuses every request, with the right secret too: %s', async (_what, sender, credentials) => {
    await misfit(sender, credentials);
    const text = payloadText('pod-delete-test');
    const headers = { 'x-alert-secret': SECRET, 'x-pagerduty-signature': signatureOf(text, NEW) };
    const { status, body } = await trigger.post(text, headers);
    expect([status, body.status]).toEqual([503, 'rejected']);
    // Somebody without a secret learns nothing of how the trigger is set up.
    expect(JSON.stringify(body)).not.toMatch(/falcosidekick|reports|pagerDuty|everybody/i);
    expect(trigger.executions).toEqual([]);
  });

  test.each(['falcosidekick', 'reports', 'pagerDuty'])('starts where they do: %s', async (sender) => {
    await misfit(sender, credentialOf(sender, SECRET.replaceAll(' ', '-')));
    await expect(trigger.activate()).resolves.toBe(true);
  });

  test('does not start with a secret that can be guessed', async () => {
    await misfit('falcosidekick', { securityAlertSecretApi: { secret: ' '.repeat(20) } });
    await expect(trigger.activate()).rejects.toThrow(/is not safe.*spaces only/);
  });
});

describe("the node's credentials", () => {
  const { credentials = [], properties } = new SecurityAlertTrigger().description;
  const senderOptions = properties.find(({ name }) => name === 'sender')?.options ?? [];

  test('are of one type for each sender, under the label that errors name', () => {
    const ofSenders = credentials.filter(({ displayOptions }) => displayOptions?.hide?.sender !== undefined);
    expect(ofSenders.map(({ name, displayName }) => [name, displayName])).toEqual(
      Object.values(SENDER_FACTS).map(({ credential }) => [credential.type, credential.label]),
    );
  });

  test.each(SENDERS)('show for %s its own and no other', (sender) => {
    const shown = credentials.filter(({ displayOptions }) => displayOptions?.hide?.sender?.includes(sender) === false);
    expect(shown.map(({ name }) => name)).toEqual([SENDER_FACTS[sender].credential.type]);
  });

  // n8n's editor takes an option that shows required credentials for the node's authentication, and sets it by itself.
  test.each(OURS)('of $description.displayName are shown by no option', ({ description }) => {
    for (const { displayOptions } of description.credentials ?? []) expect(displayOptions?.show).toBeUndefined();
  });

  test('no sender is chosen by default', () => {
    expect(properties.find(({ name }) => name === 'sender')).toMatchObject({ default: '', required: true });
    expect(senderOptions.map((option) => 'value' in option && option.value)).toEqual(['', ...SENDERS]);
  });
});

test("the credential's test looks at what it can", async () => {
  await start('falcosidekick');
  const { credentialTest } = new SecurityAlertTrigger().methods;
  const judged = async (secrets?: string) =>
    (await credentialTest.signingSecretTest({ id: '', name: '', type: '', data: { secrets } as never })).status;
  expect(await Promise.all([undefined, '', 'short', `${NEW} short`].map(judged))).toEqual(Array(4).fill('Error'));
  expect(await Promise.all([NEW, `${NEW},\n${OLD}`].map(judged))).toEqual(['OK', 'OK']);
});

test.each<[string, string, RegExp]>([
  ['nothing', '', /empty/],
  ['spaces', ' '.repeat(20), /spaces only/],
  ['a line break at its end', `${NEW}\n`, /begins or ends with/],
  ['what a header cannot carry', 'geheimnis-mit-größe', /cannot carry/],
  ['fifteen characters', 'abcdefghijklmno', /has 15 characters; at least 16/],
  ['one character again and again', 'abababababababababab', /repeats 2 characters/],
])("the credential's test refuses a secret of %s", async (_what, secret, reason) => {
  await start('falcosidekick');
  const { credentialTest } = new SecurityAlertTrigger().methods;
  const result = await credentialTest.alertSecretTest({ id: '', name: '', type: '', data: { secret } });
  expect(result).toMatchObject({ status: 'Error', message: expect.stringMatching(reason) as string });
  expect(result.message).toContain('openssl rand -hex 24');
});
