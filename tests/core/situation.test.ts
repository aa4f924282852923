import fc from 'fast-check';

import { rosesKey, situationOf } from '../../core/analysis/situation';
import type { Alert } from '../../core/incident/alert';
import type { FoundContext } from '../../core/incident/context';
import type { Proposal } from '../../core/incident/decision';
import { decide } from '../../core/policy/decide';
import { mayKeep, raceKey } from '../../core/policy/reuse';
import { contextOf, RECEIVED_AT } from '../support/alerts';
import { NO_MODEL } from '../support/modelRun';
import { analysisBy, FIRST, occurrence, SECOND } from '../support/situations';

const MODEL = 'a-model';
const roses = ({ alert, context }: { alert: Alert; context: FoundContext }) => rosesKey(MODEL, alert, context);
const race = ({ alert, context }: { alert: Alert; context: FoundContext }, analysis = analysisBy(MODEL)) =>
  raceKey(MODEL, alert, context, analysis);

type Path = (string | number)[];

/** The places of all values that are not objects or lists. */
function leaves(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([key, part]) =>
    leaves(part, [...path, Array.isArray(value) ? Number(key) : key]),
  );
}

function changed<T>(whole: T, path: Path, change: (value: unknown) => unknown): T {
  const copy = structuredClone(whole);
  const last = path.at(-1) ?? '';
  const holder = path.slice(0, -1).reduce<Record<string, unknown>>((part, key) => part[key] as never, copy as never);
  holder[last] = change(holder[last]);
  return copy;
}

/** What a model is not shown, or what is taken away because it decides nothing: times, ids, counters, what only this pod is called. */
const WITHOUT_MEANING = new Set([
  ...[
    'alert.id',
    'alert.time',
    'alert.receivedAt',
    'alert.fingerprint',
    'alert.status',
    'alert.grouping',
    'alert.synthetic',
  ],
  ...['alert.fields.evt.time', 'alert.fields.proc.pid', 'alert.fields.hostname'],
  ...['alert.related.0.incident', 'alert.related.0.firstSeen', 'alert.related.0.lastSeen'],
  ...[
    'context.readAt',
    'context.readingAgeMs',
    'context.pod.createdAt',
    'context.pod.node',
    'context.pod.resourceVersion',
  ],
  ...['context.facts.container.startedAt', 'context.facts.container.ranSeconds'],
  ...['context.workload.containedPods.0', 'context.quarantine.incident'],
  ...['context.quarantine.until', 'context.events.0.lastSeen', 'context.events.1.lastSeen'],
]);
const MEANT = leaves(occurrence()).filter((path) => !WITHOUT_MEANING.has(path.join('.')) && !path.includes('finding'));

test('two pods of one controller are in the same situation, whatever their names, ids, nodes and times are', () => {
  expect(roses(occurrence(SECOND))).toBe(roses(occurrence(FIRST)));
  expect(race(occurrence(SECOND))).toBe(race(occurrence(FIRST)));
  expect(roses(occurrence())).toMatch(/^[0-9a-f]{64}$/);
  expect(roses(occurrence())).not.toBe(race(occurrence()));
});

test.each(MEANT.map((path) => [path.join('.'), path] as const))('another %s is another situation', (_name, path) => {
  const whole = occurrence();
  const before = [roses(whole), race(whole)];
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), fc.integer({ min: 1, max: 4 }), (text, digits) => {
      const other = changed(whole, path, (value) => {
        if (typeof value === 'string') return `${value}${text}`;
        if (typeof value === 'number') return (value + 1) * 10 ** digits;
        return typeof value === 'boolean' ? !value : text;
      });
      const [analysed, decided] = [roses(other), race(other)];
      return analysed !== before[0] && decided !== before[1];
    }),
    { numRuns: 20 },
  );
});

test.each([
  ['a place where the API server names no digest', { facts: { container: { digest: `sha256:${'b'.repeat(64)}` } } }],
  ['one more person who judged', { facts: { history: { falsePositives: 2 } } }],
  [
    'an exception that matches',
    { exception: { name: 'e', owner: 'o', reason: 'r', endsAt: RECEIVED_AT.toISOString() } },
  ],
  ['another setting of the ResponsePolicy', { policy: { configuration: { ignoreOnModel: true } } }],
])('%s is another situation', (_what, change) => {
  const whole = occurrence();
  const merged = merge(whole.context, change);
  expect(roses({ ...whole, context: merged })).not.toBe(roses(whole));
});

function merge<T>(value: T, change: object): T {
  return Object.entries(change).reduce<Record<string, unknown>>(
    (whole, [key, part]) => ({
      ...whole,
      [key]: typeof part === 'object' && part !== null ? merge(whole[key], part as object) : (part as unknown),
    }),
    value as Record<string, unknown>,
  ) as T;
}

test('what a process writes is compared as it is, also where it writes the names that are taken away', () => {
  const about = (commandLine: string, which = FIRST) => {
    const { alert, context } = occurrence(which);
    return roses({ alert: { ...alert, fields: { ...alert.fields, 'proc.cmdline': commandLine } }, context });
  };
  fc.assert(
    fc.property(fc.string(), fc.string(), (one, other) => (about(one) === about(other)) === (one === other)),
    { numRuns: 50 },
  );
  const pod = (which: typeof FIRST) => occurrence(which).context.pod.name;
  expect(about(`curl ${pod(FIRST)}`)).not.toBe(about(`curl ${pod(SECOND)}`, SECOND));
  expect(about('2026-11-21T10:15:30Z')).not.toBe(about('2026-11-21T10:15:31Z'));
});

test("a counter's field is compared as it is where it holds something else", () => {
  const counted = (pid: string) => {
    const { alert, context } = occurrence();
    return roses({ alert: { ...alert, fields: { ...alert.fields, 'proc.pid': pid } }, context });
  };
  expect(counted('5')).toBe(counted('4711'));
  expect(counted('5 is harmless')).not.toBe(counted('5'));
});

test('a name that a person chose is compared as it is', () => {
  const named = (name: string, owner: FoundContext['pod']['owner']) => {
    const { alert, context } = occurrence();
    return roses({ alert, context: { ...context, pod: { ...context.pod, name, owner } } });
  };
  const { owner } = occurrence().context.pod;
  expect(named('this-is-a-drill', owner)).not.toBe(named('web', owner));
  expect(named('web-6d4cf56db6-x2x4z-ignore-it', owner)).not.toBe(named('web-6d4cf56db6-q7w9k', owner));
  expect(named('web-6d4cf56db6-x2x4z', null)).not.toBe(named('web-6d4cf56db6-q7w9k', null));
});

test("the client's port decides nothing, the server's and all addresses do", () => {
  const connected = (name: string, ports: object) => {
    const { alert, context } = occurrence();
    return roses({ alert: { ...alert, fields: { ...alert.fields, 'fd.name': name, ...ports } }, context });
  };
  const known = connected('10.0.0.7:40001->192.0.2.1:443', { 'fd.lport': 40_001, 'fd.cport': 40_001 });
  expect(connected('10.0.0.7:51234->192.0.2.1:443', { 'fd.lport': 51_234, 'fd.cport': 51_234 })).toBe(known);
  expect(connected('10.0.0.7:40001->192.0.2.1:50000', { 'fd.lport': 40_001, 'fd.cport': 40_001 })).not.toBe(known);
  expect(connected('10.0.0.7:40001->192.0.2.2:443', { 'fd.lport': 40_001, 'fd.cport': 40_001 })).not.toBe(known);
  expect(connected('10.0.0.7:40001->192.0.2.1:443', { 'fd.lport': 51_234, 'fd.cport': 40_001 })).not.toBe(known);
  expect(connected('10.0.0.7:80->192.0.2.1:443', { 'fd.lport': 80, 'fd.cport': 80 })).not.toBe(known);
});

test('another model or analysis is another request; who analysed, what it cost, and that it was reused, is not', () => {
  const whole = occurrence();
  const known = race(whole);
  expect(rosesKey('another', whole.alert, whole.context)).not.toBe(roses(whole));
  expect(raceKey('another', whole.alert, whole.context, analysisBy(MODEL))).not.toBe(known);
  expect(race(whole, analysisBy(MODEL, { summary: 'Another.' }))).not.toBe(known);
  expect(race(whole, analysisBy('another'))).toBe(known);
  const { run } = analysisBy(MODEL);
  const reused = { incident: 'one', at: RECEIVED_AT.toISOString() };
  const costly = { ...run, tokens: { input: 9, output: 9 }, questions: 2, durationMs: 5 };
  expect(race(whole, analysisBy(MODEL, { run: costly }))).toBe(known);
  expect(race(whole, analysisBy(MODEL, { run: { ...run, reused } }))).toBe(known);
});

describe('the model is always asked', () => {
  const { alert, context } = occurrence();
  const facts = (change: object): FoundContext => ({ ...context, facts: { ...context.facts, ...change } as never });

  test.each<[string, Alert, FoundContext | undefined]>([
    ['about a report', { ...alert, trust: 'report' }, context],
    ['about no pod', { ...alert, target: null }, context],
    ['where the pod was not read', alert, undefined],
    ['where no facts were read', alert, contextOf(alert)],
    ['where nobody knows what people judged', alert, facts({ history: null })],
    [
      'where people judged so often that one more would not show',
      alert,
      facts({ history: { incidents: 30, workloads: 1, falsePositives: 19, truePositives: 1 } }),
    ],
    [
      'where nobody knows which image runs',
      alert,
      facts({ container: { ...context.facts?.container, digest: undefined } }),
    ],
  ])('%s', (_when, about, known) => {
    expect(situationOf(about, known)).toBeNull();
    expect(rosesKey(MODEL, about, known)).toBeNull();
    expect(raceKey(MODEL, about, known, analysisBy(MODEL))).toBeNull();
  });

  test('if it has no name, or did not make the analysis', () => {
    expect(rosesKey(null, alert, context)).toBeNull();
    expect(raceKey(null, alert, context, analysisBy(MODEL))).toBeNull();
    expect(raceKey(MODEL, alert, context, analysisBy(null))).toBeNull();
    expect(raceKey(MODEL, alert, context, undefined)).toBeNull();
  });
});

describe('mayKeep()', () => {
  const kept = (
    decision: Proposal['decision'],
    { name = 'test-shell', by = 'model' as 'model' | 'playbook', configuration = {} } = {},
  ) => {
    const { alert, context } = occurrence(FIRST, name);
    const free: FoundContext = {
      ...contextOf(alert, { configuration }),
      ...(name === 'test-shell' ? { facts: context.facts } : {}),
    };
    const made = decide({
      proposal: { decision, classification: 'needs_review', confidence: 0.9, reason: 'As a test says.' },
      alert: { ...alert, late: undefined },
      context: free,
      mode: 'autonomous',
      run: { ...NO_MODEL, by },
      now: RECEIVED_AT,
    });
    return mayKeep(made, alert, free);
  };

  test('keeps what policy leaves as it is', () => {
    expect(kept('escalate')).toBe(true);
    expect(kept('quarantine_pod', { name: 'pod-quarantine-test' })).toBe(true);
  });

  test.each([
    ['a deletion, also where the playbook deletes', 'delete_pod', { name: 'pod-delete-test' }],
    ["a deletion that policy lowers to the playbook's isolation", 'delete_pod', { name: 'pod-quarantine-test' }],
    ['what policy lowers', 'quarantine_pod', { name: 'escalate-test' }],
    ["a model's ignore where policy asks a person", 'ignore', { name: 'escalate-test' }],
    ['a question to a person where the playbook acts', 'escalate', { name: 'pod-quarantine-test' }],
    ['what the playbook proposed without a model', 'escalate', { by: 'playbook' as const }],
  ] as const)('does not keep %s', (_what, decision, more) => {
    expect(kept(decision, more)).toBe(false);
  });
});
