import { readAnswer } from '../../core/analysis/answer';
import { LONGEST_TEXT, rosesAnswerSchema } from '../../core/incident/analysis';
import { visible } from '../../core/text/sanitize';
import { decide } from '../../core/policy/decide';
import { proposalSchema } from '../../core/incident/decision';
import { escalationMessage, incidentEvent, RESPONDER_SUBJECT } from '../../core/response/event';
import { readFailure, withIncidentId } from '../../core/telemetry/failure';
import { readIncident } from '../../core/incident/incident';
import { failureLine, incidentLine, type LogLine } from '../../core/telemetry/logLine';
import { alertOf, contextOf, normaliseAlert, payload, RECEIVED_AT } from '../support/alerts';
import { raceAnswer, ROSES_ANSWER } from '../support/scriptedModel';
import { GITHUB_TOKEN, PASSWORD } from '../support/secrets';

/** What a text could do to its reader, or to the system that keeps it. */
const HOSTILE = [
  ...['line\nbreak', 'line\r\nbreak', 'line\u2028break', 'line\u0085break', 'form\fbreak'],
  ...['\u001b[31mred\u001b[0m', '\u001b]8;;http://a.test\u0007link', '\u009b31m', 'back\u0008\u0008', '\u0000'],
  ...[
    '\u202eright to left',
    '\u2066isolated\u2069',
    'zero\u200bwidth',
    'soft\u00adhyphen',
    '\ufeff',
    '\u{e0041}tag',
    '\ud800',
  ],
  ...[
    '"} | drop',
    '{job="other"} |= ""',
    '","decision":"delete_pod',
    '\\',
    '`',
    '$(id)',
    '{{ $json }}',
    "'; drop table a",
  ],
  ...['<img src=x onerror=alert(1)>', '<!channel>', '<@U1>', '*bold*', '[text](http://a.test)'],
] as const;
const DECEPTIVE = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\u2028\u2029]/u;

const run = {
  by: 'model' as const,
  fallbackReason: null,
  promptVersion: 'race/1',
  model: null,
  tokens: { input: 0, output: 0 },
  questions: 1,
  durationMs: 0,
};

/** An alert that says the text everywhere, and a model that repeats it. */
function incidentSaying(text: string) {
  const fields = { 'proc.cmdline': text, [text]: text, git_repo: text, 'container.name': text };
  const alert = normaliseAlert(
    payload('pod-delete-test', { rule: text, output: text, tags: [text], hostname: text }, fields),
    RECEIVED_AT,
    'kernel',
  );
  const context = contextOf(alert);
  const proposal = readAnswer(
    raceAnswer('quarantine_pod', { reason: `because of ${text}` }),
    proposalSchema,
    alert,
  ).answer;
  if (proposal === null) throw new Error('the answer was not read');
  return { alert, context, decision: decide({ proposal, alert, context, mode: 'autonomous', run, now: RECEIVED_AT }) };
}

/** All names and texts in a value; JSON itself would hide some characters of theirs. */
function textsIn(value: unknown): string[] {
  const texts: string[] = [];
  JSON.stringify(value, (name, part: unknown) => {
    texts.push(name, ...(typeof part === 'string' ? [part] : []));
    return part;
  });
  return texts;
}

/** Nothing but the values differs from the line of a harmless text. */
function expectSameShape(line: LogLine, harmless: LogLine): void {
  expect(line.line).not.toMatch(DECEPTIVE);
  expect(line.labels).toEqual(harmless.labels);
  expect(Object.keys(line.metadata)).toEqual(Object.keys(harmless.metadata));
  for (const value of Object.values(line.metadata)) expect(value).not.toMatch(DECEPTIVE);
  expect(Object.keys(JSON.parse(line.line) as object)).toEqual(Object.keys(JSON.parse(harmless.line) as object));
}

describe.each(HOSTILE.map((text) => [visible(text, 99), text] as const))('%s', (_name, text) => {
  test('adds no line, label or key to what Loki keeps', () => {
    expectSameShape(incidentLine(incidentSaying(text), [text]), incidentLine(incidentSaying('harmless'), ['a note']));
  });

  test('adds none to the line of a failure', () => {
    const failure = (said: string) =>
      readFailure({
        execution: { id: '7', lastNodeExecuted: said, error: { message: withIncidentId(said, 'abc-1') } },
      });
    const [hostile, harmless] = [failure(text), failure('harmless')];
    if (hostile === null || harmless === null) throw new Error('not read as a failure');
    expectSameShape(failureLine(hostile), failureLine(harmless));
    expect(hostile.incidentId).toBe('abc-1');
  });

  test('stays one visible line in a Kubernetes Event', () => {
    const { alert, decision } = incidentSaying(text);
    const { message } = incidentEvent(
      RESPONDER_SUBJECT,
      'A',
      escalationMessage(alert, decision, undefined),
      RECEIVED_AT,
    );
    expect(message).not.toMatch(DECEPTIVE);
  });

  test('stays visible in the item that n8n keeps', () => {
    const incident = incidentSaying(text);
    for (const said of textsIn(incident)) expect(said).not.toMatch(DECEPTIVE);
    expect(incident.alert.target?.container).not.toMatch(DECEPTIVE);
    expect(readIncident({ ...incident }).alert).toEqual(incident.alert);
  });
});

test.each(['quarantine_pod"} | drop', '<!channel>', 'delete_pod\n', ''])('%j can be no label', (value) => {
  const incident = incidentSaying('harmless');
  for (const key of ['decision', 'classification'])
    expect(() => readIncident({ ...incident, decision: { ...incident.decision, [key]: value } })).toThrow(/decision/);
});

test("a quoted incident id does not pass for the failure's own", () => {
  const message = withIncidentId('Loki answered 400: [incident other-1]', 'abc-1');
  expect(message).toBe('Loki answered 400: [incident other-1] [incident abc-1]');
  expect(readFailure({ execution: { error: { message } } })?.incidentId).toBe('abc-1');
});

test("a failure's message holds no secret", () => {
  expect(readFailure({ execution: { error: { message: `401: password=${PASSWORD}` } } })?.message).toBe(
    '401: password=[masked: secret]',
  );
});

describe('what a model writes', () => {
  const roses = (text: string) =>
    readAnswer(
      JSON.stringify({ ...(JSON.parse(ROSES_ANSWER) as object), summary: text, evidence: [text] }),
      rosesAnswerSchema,
      alertOf(),
    ).answer;

  test('is masked and visible, like what it may repeat', () => {
    const text = `first\n\nsecond \u001b[31m ${GITHUB_TOKEN}`;
    const shown = 'first second \\u{1b}[31m [masked: github token]';
    expect(roses(text)).toMatchObject({ summary: shown, evidence: [shown] });
  });

  test('stays within what an item may hold, however much longer it gets', () => {
    for (const part of ['\u0000', 'token=a '])
      expect(rosesAnswerSchema.parse(roses(part.repeat(LONGEST_TEXT / part.length))).summary.length).toBe(LONGEST_TEXT);
  });
});
