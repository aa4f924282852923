import { normaliseAlerts } from '../core/alert/normalise';
import type { Sender } from '../core/sources/senders';
import { decide } from '../core/policy/decide';
import { playbook } from '../core/policy/playbook';
import { approvalName, approvalSchema, newApproval } from '../core/response/approval';
import { approvalSpec } from '../core/response/approvalItem';
import { LONGEST_MESSAGE } from '../core/response/approvalMessage';
import { pageOf } from '../core/response/approvalPage';
import { summaryOf } from '../core/response/approvalSummary';
import { baseUrl } from '../core/response/links';
import { escalationMessage, incidentEvent, LONGEST_ESCALATION, RESPONDER_SUBJECT } from '../core/response/event';
import { incidentLine } from '../core/telemetry/logLine';
import { LONGEST_LINE } from '../core/telemetry/lineWithin';
import { readIncident } from '../core/incident/incident';
import type { IncidentStatus } from '../core/incident/incidentRecord';
import { alertOf, CONFIGURATION, normaliseAlert, payload, RECEIVED_AT } from './support/alerts';
import { nowOf } from './support/approvals';
import { evaluate } from './support/expression';
import { realWorldCase } from './support/realWorld';
import { NO_MODEL } from './support/modelRun';
import { PASSWORD } from './support/secrets';
import { loadWorkflow } from './support/workflows';

type Incident = ReturnType<typeof decided>;

/** An alert after playbook and policy, without a model. */
function decided(alert: ReturnType<typeof alertOf>) {
  const proposal = playbook(alert);
  return {
    alert,
    decision: decide({ proposal, alert, context: undefined, mode: 'autonomous', run: NO_MODEL, now: RECEIVED_AT }),
  };
}

function personCase(name: string): Incident {
  const { body, sender } = realWorldCase(name).input as unknown as { body: unknown; sender: Sender };
  const [alert] = normaliseAlerts(body, RECEIVED_AT, sender).alerts;
  if (alert === undefined) throw new Error(`${name} holds no alert`);
  return decided(alert);
}

const approvalOf = (incident: Incident, changed: object = {}) =>
  approvalSchema.parse({
    ...newApproval({ ...approvalSpec(incident, 8, RECEIVED_AT), ...changed }),
    metadata: { name: approvalName(incident.alert.id), resourceVersion: '1' },
  });

const shownPage = (approval: ReturnType<typeof approvalOf>) => pageOf(approval, nowOf(approval));

const parametersOf = (workflow: string, node: string) =>
  loadWorkflow(workflow).nodes.find(({ name }) => name === node)?.parameters ?? {};

interface Field {
  html?: string;
  fieldOptions?: { values: { option: string }[] };
}

/** Where a person reads of an Approval, as the committed workflows and the code make it. */
const PAGES: Readonly<Record<string, (approval: ReturnType<typeof approvalOf>) => string>> = {
  'the list of the page': (approval) => listOf(summaryOf(approval)),
  'the page': (approval) => htmlOf('incident-approval', 'Decide on Incident', shownPage(approval)),
  'the page behind an e-mail': (approval) => htmlOf('incident-approval-message', 'Ask by E-Mail', shownPage(approval)),
  'the page behind a Slack message': (approval) =>
    htmlOf('incident-approval-message', 'Ask in Slack', shownPage(approval)),
  'an e-mail': (approval) => messageOf('incident-approval-message', 'Ask by E-Mail', summaryOf(approval)),
  'a Slack message': (approval) => messageOf('incident-approval-message', 'Ask in Slack', summaryOf(approval)),
};

/** The places where a person reads of an incident. */
const PLACES: Readonly<Record<string, (incident: Incident) => string>> = {
  ...Object.fromEntries(
    Object.entries(PAGES).map(([place, read]) => [place, (incident: Incident) => read(approvalOf(incident))]),
  ),
  'a Kubernetes Event': ({ alert, decision }) =>
    incidentEvent(RESPONDER_SUBJECT, 'A', escalationMessage(alert, decision, undefined), RECEIVED_AT).message,
  'the log line': (incident) => incidentLine(incident).line,
  'kubectl get approval': (incident) => JSON.stringify({ ...approvalOf(incident).spec, item: '' }),
};

function htmlOf(workflow: string, node: string, approval: object): string {
  const { jsonOutput } = parametersOf(workflow, node);
  const [{ html = '' } = {}] = evaluate(jsonOutput, {
    json: { approval },
    nodes: { Settings: { approval } },
  }) as Field[];
  return html;
}

function listOf(approval: object): string {
  const { jsonOutput } = parametersOf('incident-approval', 'Choose Incident');
  const [field] = evaluate(jsonOutput, { json: {}, input: [{ approval }] }) as Field[];
  return field?.fieldOptions?.values.map(({ option }) => option).join('\n') ?? '';
}

function messageOf(workflow: string, node: string, approval: object): string {
  const { subject, message } = parametersOf(workflow, node);
  return [subject, message].map((text) => String(evaluate(text, { json: { approval } }))).join('\n');
}

describe.each(Object.keys(PLACES).filter((place) => place !== 'the list of the page'))('%s says', (place) => {
  const read = PLACES[place] ?? (() => '');

  test.each<[string, string[]]>([
    ['person-alertmanager-labels-only', ['Node', 'worker-3', '/dev/sda1', 'NodeDiskFull']],
    ['person-cloudtrail', ['User', 'mallory', '203.0.113.9', 'aws_cloudtrail']],
    ['person-k8s-audit-exec', ['Pod', 'shop', 'checkout-1', 'mallory', 'bash', 'exec', 'k8s_audit']],
    ['person-kyverno-deployment', ['Deployment', 'shop', 'checkout', 'no-privileged', 'Privileged mode is disallowed']],
    ['alertmanager-deployment-of-kube-state-metrics', ['Deployment', 'shop', 'checkout', 'has not matched']],
  ])('what %s is about', (name, words) => {
    const said = read(personCase(name));
    for (const word of words) expect(said).toContain(word);
  });

  test('command, parents, user, file and image of a system call', () => {
    const said = read(decided(alertOf('escalate-test')));
    for (const word of ['cat /etc/shadow', 'containerd-shim', 'nobody', 'busybox:1.37.0', 'Sensitive file opened'])
      expect(said.replaceAll('","container.image.tag":"', ':')).toContain(word);
  });

  test('no secret of a command line', () => {
    const fields = { 'proc.cmdline': `mysql -p${PASSWORD}`, 'proc.pcmdline': `sh -c "PGPASSWORD=${PASSWORD} psql"` };
    const said = read(decided(normaliseAlert(payload('escalate-test', {}, fields), RECEIVED_AT, 'kernel')));
    expect(said).not.toContain(PASSWORD);
    expect(said).toContain('mysql -p[masked: password]');
  });
});

test("the list of the page names each incident's subject and what its alert says", () => {
  expect(listOf(summaryOf(approvalOf(personCase('person-kyverno-deployment'))))).toMatch(
    /^1\. Deployment shop\/checkout \(error, until .* UTC\): PolicyViolationDetected\. no-privileged\/r: validation error/,
  );
  expect(listOf(summaryOf(approvalOf(personCase('person-alertmanager-labels-only'))))).toMatch(
    /^1\. Node worker-3 \(critical, until .* UTC\): NodeDiskFull$/,
  );
});

describe('what an attacker writes', () => {
  const HOSTILE = `<img src=x onerror=alert(1)><!channel> *b* \`code\` &lt;b&gt; [a](http://b.test) $& {{ $env.X }} \\n ' "`;
  const hostile = decided(
    normaliseAlert(
      payload(
        'escalate-test',
        { output: HOSTILE, rule: HOSTILE },
        { 'k8s.pod.name': `${HOSTILE}\u202E`, 'proc.cmdline': `${HOSTILE}\u202E`, [HOSTILE]: HOSTILE },
      ),
      RECEIVED_AT,
      'kernel',
    ),
  );

  test.each(['the page', 'the page behind an e-mail', 'the page behind a Slack message'])('is text on %s', (place) => {
    const html = PLACES[place]?.(hostile) ?? '';
    expect(html.replace(/<\/?(?:table|tr|th|td|code)>/g, '')).not.toMatch(/[<>$\u202E]/);
    expect(html).toContain('&#60;img src=x onerror=alert(1)&#62;');
  });

  test.each(['an e-mail', 'a Slack message'])('is neither markup, mention nor link in %s', (place) => {
    const said = (PLACES[place]?.(hostile) ?? '').replace(/```\n([^`]*)\n```$/, '$1');
    expect(said).not.toMatch(/[&<>"'`\\\u202E]|:\/\//);
    expect(said).toContain('‹img src=x onerror=alert(1)›');
  });

  test('stays in the code block of a Slack message', () => {
    expect(PLACES['a Slack message']?.(hostile)).toMatch(/^Incident waits for a decision: [^\n]*\n```\n[^`]*\n```$/);
  });

  test('is letters and digits in a subject and a title', () => {
    const { title } = summaryOf(approvalOf(hostile));
    expect(title).toMatch(/^[\w .,:()/?-]{1,120}$/);
    expect(evaluate(titleOf(), { json: { approval: { title } } })).toBe(`Decide: ${title}`);
  });
});

describe('more than there is room for', () => {
  const long = 'x'.repeat(5000);
  const fields = Object.fromEntries(
    Array.from({ length: 200 }, (_, index) => [`field.${index}`, '"\u0000'.repeat(2000)]),
  );
  const big = decided(
    normaliseAlert(
      payload(
        'escalate-test',
        { output: long, rule: long },
        { ...fields, 'proc.cmdline': long, 'user.name': 'mallory' },
      ),
      RECEIVED_AT,
      'kernel',
    ),
  );

  test('leaves a message that Slack takes, with subject, reason and incident', () => {
    const { message } = summaryOf(approvalOf(big, { why: long }));
    expect(message.length).toBeLessThanOrEqual(LONGEST_MESSAGE);
    for (const word of ['About: Pod playground/escalate-test', 'Why you are asked: xxx', `Incident: ${big.alert.id}`])
      expect(message).toContain(word);
  });

  test('leaves an Event of 1024 bytes that names subject and reason', () => {
    const message = escalationMessage(big.alert, { ...big.decision, reason: long }, undefined);
    expect(message.length).toBeLessThanOrEqual(LONGEST_ESCALATION);
    const { message: kept } = incidentEvent(RESPONDER_SUBJECT, 'A', message, RECEIVED_AT);
    expect(Buffer.byteLength(kept)).toBeLessThanOrEqual(1024);
    for (const word of ['on Pod playground/escalate-test', 'Alert: xxx']) expect(kept).toContain(word);
  });

  test('leaves an Approval that the API server takes, whose item goes on', () => {
    const { spec } = approvalOf(big);
    expect(spec.item.length).toBeLessThanOrEqual(262_144);
    const { alert } = readIncident(JSON.parse(spec.item) as Record<string, unknown>);
    expect(alert).toMatchObject({ id: big.alert.id, target: big.alert.target, rule: big.alert.rule });
    expect(Object.keys(alert.fields).length).toBeGreaterThan(0);
  });

  test('leaves a log line that Loki takes, and says what was cut', () => {
    const fields = Object.fromEntries(Array.from({ length: 128 }, (_, index) => [`field.${index}`, long]));
    const { line } = incidentLine({ ...big, alert: { ...big.alert, fields } });
    expect(Buffer.byteLength(line)).toBeLessThanOrEqual(LONGEST_LINE);
    const { cut, alert, subject } = JSON.parse(line) as { cut: string[]; alert: { fields: object }; subject: object };
    expect(cut).toEqual([expect.stringMatching(/^alert: \d+ of 128 fields$/)]);
    expect(Object.keys(alert.fields).length).toBeGreaterThan(0);
    expect(subject).toEqual(big.alert.subject);
  });

  test('beside a long story leaves the alert, and says which parts were cut', () => {
    const incident = { ...big, analysis: { evidence: ['"'.repeat(200_000)] } } as unknown as Incident;
    const { line } = incidentLine(incident);
    expect(Buffer.byteLength(line)).toBeLessThanOrEqual(LONGEST_LINE);
    expect(JSON.parse(line)).toMatchObject({ analysis: null, cut: expect.arrayContaining(['analysis']) as unknown });
  });

  test('of infrastructure and tags leaves what an action needs', () => {
    const tags = Array.from({ length: 64 }, () => '\u0000'.repeat(128));
    const infrastructure = Object.fromEntries(
      Array.from({ length: 16 }, (_, index) => [`git_${'abcdefghijklmnop'[index] ?? ''}`, '\u0000'.repeat(2048)]),
    );
    const alert = normaliseAlert(payload('escalate-test', { tags }, infrastructure), RECEIVED_AT, 'kernel');
    const { line } = incidentLine(decided(alert));
    expect(Buffer.byteLength(line)).toBeLessThanOrEqual(LONGEST_LINE);
    expect(JSON.parse(line)).toMatchObject({
      alert: { id: alert.id, target: alert.target },
      cut: expect.any(Array) as [],
    });
    expect(approvalOf(decided(alert)).spec.item.length).toBeLessThanOrEqual(262_144);
  });
});

test.each(['the list of the page', 'the page', 'the page behind an e-mail', 'an e-mail', 'a Slack message'])(
  '%s names the priority that an event has raised since',
  (place) => {
    const waiting = approvalOf(decided(alertOf('escalate-test', { priority: 'warning' })));
    const raised = { ...waiting, status: { priority: 'critical' as const } };
    const saidOf = (approval: typeof waiting): string => PAGES[place]?.(approval) ?? '';
    expect(saidOf(waiting)).toMatch(/\(warning[,)]/);
    expect(saidOf(raised)).toMatch(/\(critical[,)]/);
    expect(saidOf(raised)).not.toMatch(/\(warning[,)]/);
  },
);

test('the page names the priority from which an incident was raised', () => {
  const waiting = approvalOf(decided(alertOf('escalate-test', { priority: 'warning' })));
  const { lines, message } = shownPage({ ...waiting, status: { priority: 'critical' } });
  const said = 'Read sensitive file untrusted (critical, raised from warning)';
  expect(lines).toContainEqual({ name: 'Rule', value: said });
  expect(message.split('\n')[0]).toBe(said);
});

test('the log line holds the alert whole', () => {
  const incident = decided(alertOf('escalate-test'));
  expect(JSON.parse(incidentLine(incident).line)).toMatchObject({ alert: incident.alert });
  expect(JSON.parse(incidentLine(incident).line)).not.toHaveProperty('cut');
});

describe('what is proposed', () => {
  const proposedIn = (decision: string, reason: string) =>
    summaryOf(
      approvalOf(decided(alertOf('escalate-test')), { why: 'a reason', proposal: { decision, reason, confidence: 1 } }),
    ).lines.find(({ name }) => name === 'Proposed')?.value;

  test.each([
    ['delete_pod', 'a reason', 'Delete the pod. a reason'],
    ['escalate', 'a reason', 'Nothing: a person has to judge'],
    ['escalate', 'another', 'Nothing: a person has to judge. another'],
  ])('%s because of %s is "%s"', (decision, reason, said) => {
    expect(proposedIn(decision, reason)).toBe(said);
  });
});

describe('an Approval from before subject and facts', () => {
  test('is shown with those of the alert that it holds', () => {
    const incident = personCase('person-k8s-audit-exec');
    const { subject: _, ...earlier } = incident.alert;
    const item = JSON.stringify({ alert: earlier, decision: incident.decision });
    const { about, lines } = summaryOf(approvalOf(incident, { subject: undefined, facts: undefined, item }));
    expect(about).toBe('Detector Falco');
    expect(lines).toContainEqual({ name: 'User', value: 'mallory' });
  });

  test('is shown by its pod, else by its incident, when that cannot be read', () => {
    const incident = decided(alertOf('escalate-test'));
    const earlier = { subject: undefined, facts: undefined, item: '{' };
    expect(summaryOf(approvalOf(incident, earlier)).about).toBe('Pod playground/escalate-test');
    expect(summaryOf(approvalOf(incident, { ...earlier, pod: undefined })).about).toBe(`Incident ${incident.alert.id}`);
  });
});

function titleOf(): unknown {
  return (parametersOf('incident-approval', 'Decide on Incident').options as { formTitle?: unknown }).formTitle;
}

test('the page says how often it happened, what was not always the same, and what is related', () => {
  const alert = alertOf('escalate-test', {
    related: [
      {
        incident: 'i',
        source: 'falco',
        rule: 'Escape',
        priority: 'critical',
        subject: 'Pod shop/a',
        sameSubject: true,
        state: 'Contained',
        count: 3,
        firstSeen: '2026-11-21T10:00:00.000Z',
        lastSeen: '2026-11-21T10:10:00.000Z',
      },
    ],
  });
  const status: IncidentStatus = {
    state: 'Waiting',
    reason: 'a test',
    incident: alert.id,
    opening: 1,
    priority: 'notice',
    firstSeen: '2026-11-21T10:15:31.000Z',
    lastSeen: '2026-11-21T10:40:00.000Z',
    count: 42,
    counted: 1,
    passed: 1,
    passes: [],
    pods: [],
    samples: [
      { name: 'Command', values: ['cat /etc/shadow', 'cat /etc/passwd'] },
      { name: 'User', values: ['root'] },
    ],
  };
  const approval = approvalOf(decided(alert));
  const { lines, message } = pageOf(approval, nowOf(approval), status);
  expect(lines).toEqual(
    expect.arrayContaining([
      { name: 'Events', value: '42, from 2026-11-21 10:15 UTC to 2026-11-21 10:40 UTC, about 1.7 per minute' },
      { name: 'Command, also', value: 'cat /etc/shadow | cat /etc/passwd' },
      {
        name: 'Related',
        value: 'Escape (critical), Pod shop/a: 3 events, the last at 2026-11-21 10:10 UTC; Contained',
      },
    ]),
  );
  expect(lines.map(({ name }) => name)).not.toContain('User, also');
  for (const said of ['Events: 42,', 'Related: 1 incident within the last hour', 'Done already: ', 'If you '])
    expect(message).toContain(said);
});

test('the page says of a proposal and an analysis that they are those of another incident', () => {
  const incident = decided(alertOf('escalate-test'));
  const reused = { incident: 'another-incident', at: '2026-11-21T09:50:00.000Z' };
  const byModel = { ...NO_MODEL, by: 'model' as const, reused };
  const value = expect.stringMatching('given at 2026-11-21 09:50 UTC for incident another-incident') as string;
  const named = (item: object) =>
    shownPage(approvalOf(item as Incident)).lines.filter(({ name }) => name.startsWith('Reused'));
  expect(named(incident)).toEqual([]);
  expect(
    named({
      ...incident,
      analysis: { role: 'r', objective: 'o', steps: ['s'], evidence: ['e'], summary: 's', run: byModel },
      decision: { ...incident.decision, run: byModel },
    }),
  ).toEqual([
    { name: 'Reused analysis', value },
    { name: 'Reused proposal', value },
  ]);
});

describe('the page of an Approval with several pods', () => {
  const alert = alertOf('escalate-test');
  const joined = (name: string, execution?: { workflow: string; id: string }) => ({
    namespace: 'playground',
    name,
    uid: `uid-${name}`,
    alertTime: RECEIVED_AT.toISOString(),
    joinedAt: '2026-11-21T10:20:00.000Z',
    ...(execution === undefined ? {} : { execution }),
  });
  const approval = approvalSchema.parse({
    ...approvalOf(decided(alert), { execution: { workflow: 'incident-pipeline', id: '7' } }),
    status: { pods: [joined('web-2', { workflow: 'incident-pipeline', id: '9' }), joined('web-3')] },
  });
  const links = { grafanaUrl: 'https://grafana.example.com/g/', lokiDatasource: 'loki-1' };
  const page = (n8n: string | null, configuration = { ...CONFIGURATION, links }) =>
    pageOf(approval, nowOf(approval, ['quarantined', 'free', 'absent'], { configuration }), null, n8n);
  const valuesOf = (name: string) =>
    page(null)
      .lines.filter((line) => line.name === name)
      .map(({ value }) => value);

  test('names each, how it is, when it joined and how to look at it, and how many a decision is about', () => {
    expect(page(null)).toMatchObject({ shown: 3, about: expect.stringMatching(/ and 2 more pods$/) as string });
    expect(valuesOf('Pod')).toEqual([
      'playground/escalate-test: It is in quarantine.',
      'playground/web-2: It runs and is not in quarantine. It joined at 2026-11-21 10:20 UTC.',
      'playground/web-3: It no longer exists: no action on it is possible. It joined at 2026-11-21 10:20 UTC.',
    ]);
  });

  test('has a command for each that shows it', () => {
    const commands = ['escalate-test', 'web-2', 'web-3'].map((pod) => `kubectl get pod -n playground ${pod}`);
    expect(page(null).lines.flatMap(({ command }) => command ?? [])).toEqual(commands);
    const html = htmlOf('incident-approval', 'Decide on Incident', page(null));
    expect([...html.matchAll(/<code>([^<]*)<\/code>/g)].map(([, command]) => command)).toEqual(commands);
  });

  test('says for each choice what it would do, what policy let through and what was done', () => {
    expect(valuesOf('If you release')[0]).toMatch(
      /^Releases 1 pod from quarantine.* 1 pod is not in quarantine\. 1 pod no/,
    );
    expect(valuesOf('If you quarantine')[0]).toMatch(/^Isolates 1 pod;.* 1 pod is in quarantine already\. 1 pod no/);
    expect(valuesOf('If you reject')).toEqual([
      'Nothing is done: 1 pod stays in quarantine. The incident counts as not judged.',
    ]);
    expect(valuesOf('Policy')).toHaveLength(1);
    expect(valuesOf('Done already')).toEqual(['Nothing.']);
  });

  test('links to the executions in n8n and to the log lines, by addresses of the administrator only', () => {
    const { lines } = page('https://n8n.example.com');
    const linksOf = lines.flatMap(({ name, links: found = [] }) => found.map(({ text, url }) => [name, text, url]));
    expect(linksOf.map(([name, text]) => [name, text])).toEqual([
      ['Pod', 'Execution in n8n'],
      ['Incident', 'Execution in n8n'],
      ['Incident', 'Log lines'],
    ]);
    expect(linksOf[0]?.[2]).toBe('https://n8n.example.com/workflow/incident-pipeline/executions/9');
    const explore = new URL(linksOf[2]?.[2] ?? '');
    expect([explore.origin, explore.pathname]).toEqual(['https://grafana.example.com', '/g/explore']);
    expect(JSON.parse(explore.searchParams.get('panes') ?? '')).toMatchObject({
      incident: {
        datasource: 'loki-1',
        queries: [{ expr: `{job="incident-pipeline"} | incident_id="${alert.id}"` }],
      },
    });
    const html = htmlOf('incident-approval', 'Decide on Incident', page('https://n8n.example.com'));
    expect([...html.matchAll(/<a [^>]*>/g)].map(([tag]) => tag)).toEqual(
      linksOf.map(
        ([, , url]) => `<a target="_blank" rel="noopener noreferrer" href="${url?.replaceAll('&', '&#38;')}">`,
      ),
    );
  });

  test.each(['javascript:alert(1)', 'ftp://x', 'https://user:word@x', 'no address', ''])(
    'links nowhere by %j',
    (grafanaUrl) => {
      const { lines } = page(baseUrl(grafanaUrl), { ...CONFIGURATION, links: { ...links, grafanaUrl } });
      expect(lines.flatMap(({ links: found = [] }) => found)).toEqual([]);
    },
  );

  test('has a message that Slack takes, with the first preview', () => {
    const { message } = page(null);
    expect(message.length).toBeLessThanOrEqual(LONGEST_MESSAGE);
    expect(message).toMatch(/^If you [a-z]+: /m);
  });
});

describe('the page after a decision', () => {
  const resultOf = (items: readonly object[]) => {
    const { completionTitle, completionMessage } = parametersOf('incident-approval', 'Show Result');
    const given = { json: items[0], input: items };
    return [String(evaluate(completionTitle, given)), String(evaluate(completionMessage, given))];
  };
  const item = (pod: string, outcome: string, reason: string, more: object = {}) => ({
    alert: { id: 'an-incident' },
    decision: { reason: 'Approved by ann', approval: { parts: 3 } },
    response: {
      action: 'quarantine_pod',
      outcome,
      reason,
      changed: [],
      undo: null,
      target: { namespace: 'shop', pod },
    },
    ...more,
  });

  test('says what happened to each pod', () => {
    const [title, message] = resultOf([
      item('web-1', 'done', 'isolated'),
      item('web-2', 'gone', 'there is <no> pod'),
      item('web-3', 'unchanged', 'it was isolated'),
    ]);
    expect(title).toBe('2 of 3 pods in quarantine');
    for (const said of ['shop/web-1, done: isolated', 'shop/web-2, gone: there is &#60;no&#62; pod', 'shop/web-3, '])
      expect(message).toContain(said);
    expect(message?.match(/Approved by ann/g)).toHaveLength(1);
  });

  test('names the pods that joined after the page was opened', () => {
    const [, message] = resultOf([item('web-1', 'done', 'isolated', { approval: { name: 'a' } })]);
    expect(message).toContain('they wait as another approval');
  });

  test('of one pod is about that pod, and of none says that nothing is done', () => {
    expect(resultOf([item('web-1', 'done', 'isolated')])[0]).toBe('The pod is quarantined');
    const nothing = { alert: { id: 'i' }, decision: { reason: 'r', approval: { parts: 2 } } };
    expect(resultOf([nothing])[0]).toBe('Recorded: nothing is done about the pods');
  });
});
