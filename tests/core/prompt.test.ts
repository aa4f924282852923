import { Tiktoken } from 'js-tiktoken/lite';
import ranks from 'js-tiktoken/ranks/o200k_base';

import { type Message, rosesPrompt } from '../../core/analysis/prompt';
import { shortAlert } from '../../core/analysis/shortAlert';
import { shortContext } from '../../core/analysis/shortContext';
import { analyseWithoutModel } from '../../core/analysis/withoutModel';
import { podFacts } from '../../core/facts/podFacts';
import type { Analysis } from '../../core/incident/analysis';
import type { FoundContext } from '../../core/incident/context';
import { racePrompt } from '../../core/policy/prompt';
import { ALERT_NAMES, alertOf, contextOf, normaliseAlert, payload, RECEIVED_AT } from '../support/alerts';
import { relatedOf } from '../support/related';
import { NO_MODEL } from '../support/modelRun';
import { ROSES_ANSWER } from '../support/scriptedModel';

/** What a request with everything that is common may have, in tokens of o200k_base. */
const MOST_TOKENS = 1000;

const EVENTS: FoundContext['events'] = ['Scheduled', 'Pulled', 'Created', 'Started', 'Killing'].map((reason) => ({
  type: 'Normal',
  reason,
  message: `Stopping container web (${reason})`,
  count: 1,
  lastSeen: '2026-11-21T10:15:29.000Z',
}));

const analysed: Analysis = { ...(JSON.parse(ROSES_ANSWER) as Analysis), run: { ...NO_MODEL, by: 'model' } };

/** An alert among eight related ones, about a pod with Events. */
function busy(name: string) {
  const rules = ['Terminal shell in container', 'Read sensitive file untrusted'];
  const related = Array.from({ length: 8 }, (_, index) =>
    relatedOf(rules[index % 2] ?? '', { sameSubject: index < 2, count: index + 1, minutesBefore: index }),
  );
  const alert = alertOf(name, { related });
  const facts = podFacts({ alert, pod: {}, rights: null, history: null });
  return { alert, context: { ...contextOf(alert), facts, events: EVENTS } };
}

const tokenizer = new Tiktoken(ranks);

const text = (messages: readonly Message[]): string => messages.map(([role, said]) => `[${role}]\n${said}`).join('\n');

test('rosesPrompt() and racePrompt(): what a model reads; a change of it needs another version', () => {
  const { alert, context } = busy('pod-delete-test');
  expect(text(rosesPrompt(alert, context))).toMatchSnapshot();
  expect(text(racePrompt(alert, context, analysed))).toMatchSnapshot();
});

test.each(ALERT_NAMES)('rosesPrompt() and racePrompt(): a request about %s is short', (name) => {
  const { alert, context } = busy(name);
  for (const messages of [rosesPrompt(alert, context), racePrompt(alert, context, analysed)])
    expect(tokenizer.encode(text(messages), [], []).length).toBeLessThan(MOST_TOKENS);
});

test('racePrompt(): an analysis that no model made is not repeated beside the alert that it was made of', () => {
  const { alert, context } = busy('test-shell');
  const own: Analysis = { ...analyseWithoutModel(alert, context), run: NO_MODEL };
  expect(racePrompt(alert, context, own)).toEqual(racePrompt(alert, context, undefined));
});

test('rosesPrompt(): an alert that names no pod is not taken for a failure of the API server', () => {
  const alert = alertOf('test-shell', { target: null, targetProblem: 'the alert names no pod' });
  const [, [, data]] = rosesPrompt(alert, undefined) as [Message, Message];
  expect(data).toContain('<context>\n{"status":"no pod was read"}\n</context>');
  expect(data).toContain('"noPod":"the alert names no pod"');
});

describe('shortAlert()', () => {
  const read = (change: object, fields: object = {}) =>
    normaliseAlert(payload('pod-delete-test', { ...change }, { ...fields }), RECEIVED_AT, 'kernel');

  test("leaves out of Falco's text what the fields have", () => {
    expect(shortAlert(alertOf()).output).toBe('Netcat runs inside container that allows remote code execution');
  });

  test.each([
    ['a value that no field has', 'Netcat ran | user=nobody target=198.51.100.7'],
    ['words after the values', 'Netcat ran | user=nobody and a shell followed'],
    ['a form of its own', 'nobody ran netcat (command=nc)'],
  ])("keeps all of Falco's text if it has %s", (_what, output) => {
    expect(shortAlert(read({ output: `10:15:30.123456789: Warning ${output}` })).output).toBe(output);
  });

  test("leaves out fields that repeat the pod's names, and keeps those that do not", () => {
    expect(shortAlert(alertOf()).fields).not.toHaveProperty(['k8s.pod.name']);
    const other = { ...alertOf(), target: null };
    expect(shortAlert(other).fields).toHaveProperty(['k8s.pod.name'], 'pod-delete-test');
  });

  test('keeps each field of the process and of what it touched', () => {
    const names = [
      'proc.cmdline',
      'proc.pcmdline',
      'proc.pname',
      'proc.exepath',
      'proc.aname[2]',
      'fd.name',
      'user.uid',
    ];
    const fields = Object.fromEntries(names.map((name) => [name, `value of ${name}`]));
    expect(shortAlert(read({}, fields)).fields).toMatchObject(fields);
  });

  test('counts related incidents by rule', () => {
    const related = [
      relatedOf('Terminal shell in container', { decision: 'escalate' }),
      relatedOf('Terminal shell in container', { count: 4, minutesBefore: 2, decision: 'escalate' }),
      relatedOf('Terminal shell in container', { sameSubject: false }),
    ];
    expect(shortAlert(alertOf('pod-quarantine-test', { related })).related).toEqual([
      expect.objectContaining({
        about: 'the same workload',
        incidents: 2,
        alerts: 5,
        minutesAgo: 2,
        decided: ['escalate'],
      }),
      expect.objectContaining({ about: 'others in the namespace', incidents: 1, alerts: 1, minutesAgo: 5 }),
    ]);
  });
});

describe('shortContext()', () => {
  const alert = alertOf();

  test("has none of the administrator's settings, but that no budget is left", () => {
    const context = contextOf(alert);
    expect(JSON.stringify(shortContext(context))).not.toMatch(/minimumConfidence|perCluster|resourceVersion/);
    const policy = { ...context.policy, exhausted: 'three of three' };
    expect(shortContext({ ...context, policy })).toMatchObject({ budget: 'three of three' });
  });

  test('names what is unusual about a pod', () => {
    const pod = {
      phase: 'Failed',
      ready: false,
      mirror: true,
      deletingSince: '2026-11-21T10:15:29.000Z',
      bypasses: [{ kind: 'privileged' as const, detail: 'container web is privileged' }],
    };
    expect(shortContext(contextOf(alert)).pod).toEqual({
      createdAt: '2026-11-21T09:00:00.000Z',
      owner: 'none',
      serviceAccount: 'default',
      labels: { app: 'web' },
    });
    expect(shortContext(contextOf(alert, { pod })).pod).toMatchObject({
      phase: 'Failed',
      notReady: true,
      static: true,
      deletingSince: pod.deletingSince,
      access: ['container web is privileged'],
    });
  });

  test('leaves out Events that every pod has, and no warning', () => {
    const warning = { type: 'Warning', reason: 'Started', message: 'x'.repeat(1000), count: 3, lastSeen: null };
    const { events } = shortContext({ ...contextOf(alert), events: [...EVENTS, warning] });
    expect(events).toMatchObject([{ reason: 'Killing' }, { reason: 'Started', type: 'Warning', count: 3 }]);
    expect(JSON.stringify(events).length).toBeLessThan(600);
  });

  test('names what was not read', () => {
    const gone = { status: 'gone' as const, readAt: RECEIVED_AT.toISOString(), detail: 'there is no pod' };
    expect(shortContext(gone)).toEqual({ status: 'gone', detail: 'there is no pod' });
    expect(shortContext(undefined)).toEqual({ status: 'not read' });
    expect(shortContext({ ...contextOf(alert), missing: ['events'] })).toMatchObject({ missing: ['events'] });
  });
});
