import fc from 'fast-check';

import { duration, figuresOf } from '../../core/report/figures';
import { incidentPage, LONGEST_PAGE } from '../../core/report/page';
import { passOfLine } from '../../core/report/pass';
import { storyOf } from '../../core/report/story';
import { summaryOfIncident } from '../../core/report/summary';
import { timelineOf } from '../../core/report/timeline';
import { reportLink } from '../../core/response/links';
import { NAME, recordsWith } from '../support/incidentRecords';

const WRITTEN = new Date('2026-11-21T12:00:00.000Z');
const N8N = 'https://n8n.example.test';
const pageWith = (text: string) => incidentPage(recordsWith(text), N8N, WRITTEN);

/** Everything between angle brackets, with what the ids of n8n put into a link taken out. */
const tagsOf = (page: string) =>
  (page.match(/<[^>]*>/g) ?? []).map((tag) => tag.replace(/ href="[^"<>]*"/, ' href=""'));

/** What is left of the body without its tags. */
const textOf = (page: string) => page.slice(page.indexOf('<body>')).replaceAll(/<[^>]*>/g, '');

const FRAGMENTS = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '</td></style></title>',
  '" onload="x',
  "' x='",
  '&lt;b&gt;',
  '<!--',
  ']]>',
  '\u202e',
  '\u0000',
  '`${7}`',
  '{{ $json }}',
  'javascript:x',
];

test('incidentPage: no text of an alert, a model or a person can make a tag or end an attribute', () => {
  const ours = tagsOf(pageWith('harmless'));
  const hostile = fc
    .array(fc.oneof(fc.constantFrom(...FRAGMENTS), fc.string({ unit: 'binary', maxLength: 20 })), {
      minLength: 1,
      maxLength: 8,
    })
    .map((parts) => `x${parts.join('')}`);
  fc.assert(
    fc.property(hostile, (text) => {
      const page = pageWith(text);
      expect(tagsOf(page)).toEqual(ours);
      expect(textOf(page)).not.toMatch(/[<>"'\u202e\u0000]/u);
    }),
    { numRuns: 150 },
  );
});

test('incidentPage loads nothing, runs nothing and links nowhere but to n8n and Grafana', () => {
  const page = pageWith('javascript:alert(1)');
  expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'`);
  expect(page).not.toMatch(/<(?:script|link|iframe|object|img|form)\b|\s(?:src|on\w+)=|url\(|@import/);
  const targets = [...page.matchAll(/href="([^"]*)"/g)].map(([, url = '']) => new URL(url).origin);
  expect(new Set(targets)).toEqual(new Set([N8N, 'https://grafana.example.test']));
});

test('incidentPage is bounded, however much the records hold', () => {
  const long = '<'.repeat(100_000);
  const records = recordsWith(long);
  const [pass] = records.log ?? [];
  const [approval] = records.approvals;
  const [quarantine] = records.quarantines;
  if (pass === undefined || approval === undefined || quarantine === undefined)
    throw new Error('the records lack a part');
  const many = <T>(one: T) => Array.from({ length: 500 }, () => one);
  const log = many(pass).map((one, index) => ({
    ...one,
    response: one.response === null ? null : { ...one.response, completedAt: new Date(index * 1000).toISOString() },
  }));
  const page = incidentPage(
    { ...records, log, approvals: many(approval), quarantines: many(quarantine) },
    N8N,
    WRITTEN,
  );
  expect(Buffer.byteLength(page)).toBeLessThanOrEqual(LONGEST_PAGE);
  expect(page).toContain('left out');
  expect(page).toMatch(/<\/body><\/html>\s*$/);
});

test('incidentPage shows subject, timeline, evidence, analysis, decision, people, actions and figures', () => {
  const page = pageWith('a text');
  for (const heading of [
    'Timeline',
    'Evidence',
    'Analysis (ROSES)',
    'Decision',
    'People',
    'Done and undone',
    'Figures',
  ])
    expect(page).toContain(`<h2>${heading}</h2>`);
  for (const name of ['Summary', 'Steps', 'Objective', 'Role', 'Proposed', 'Policy', 'Command'])
    expect(page).toContain(`<dt>${name}</dt>`);
  expect(page).toContain('Isolated pod shop/web-1 by NetworkPolicy, only in part: a text.');
  expect(page).toContain('<td>delete_on_model</td>');
  expect(page).toContain('Approved: release the pod');
  expect(page).toContain('Released: a text');
  expect(page).toMatch(/@media print/);
});

test('incidentPage leads to the page on which a person decides while somebody has to', () => {
  const records = recordsWith('a text');
  const waiting = records.approvals.map((approval) => ({ ...approval, status: {} }));
  const page = incidentPage({ ...records, approvals: waiting }, N8N, WRITTEN);
  expect(page).toContain(`href="${N8N}/form/incident-approvals"`);
  expect(page).toContain('A person has to decide until 2026-11-21 18:15 UTC.');
  expect(pageWith('a text')).not.toContain('/form/');
});

test('reportLink leads to the form, with the name filled in', () => {
  expect(reportLink(N8N, 'incident-1&x')).toEqual([
    { text: 'Report', url: `${N8N}/form/incident-report?incident=incident-1%26x` },
  ]);
  expect([reportLink(null, NAME), reportLink(N8N, undefined)]).toEqual([[], []]);
});

test('incidentPage says what is missing where Loki was not read', () => {
  const page = incidentPage(recordsWith('a text', { log: null, approvals: [] }), null, WRITTEN);
  expect(page).toContain('Not in the cluster; Loki has it.');
  expect(page).toContain('quarantine the pod, by model: a text');
});

test('timelineOf is in order, and has each moment once', () => {
  const moments = timelineOf(storyOf(recordsWith('a text')));
  expect(moments.map(({ at }) => at)).toEqual(moments.map(({ at }) => at).toSorted());
  expect(moments[0]?.what).toBe('First event of the rule a text.');
  expect(moments.filter(({ what }) => what.startsWith('Decided: quarantine the pod'))).toHaveLength(1);
  expect(moments.at(-1)?.what).toBe('State: Settled, a text.');
});

test('figuresOf takes the times of the first pass, the action and the answer', () => {
  expect(figuresOf(storyOf(recordsWith('a text')))).toEqual({
    acknowledge: 2.5,
    respond: 4,
    isolate: 4,
    containment: null,
    analysis: 0.8,
    decision: 0.8,
    action: 1.5,
    person: 600,
  });
});

test.each([
  [null, '-'],
  [0.42, '0.4 s'],
  [59.4, '59 s'],
  [59.9, '1 min 0 s'],
  [245, '4 min 5 s'],
  [10_920, '3 h 2 min'],
])('duration of %p is %p', (seconds, shown) => {
  expect(duration(seconds)).toBe(shown);
});

test('summaryOfIncident names decision, actions and who approved', () => {
  expect(summaryOfIncident(recordsWith('a text'))).toMatchObject({
    name: NAME,
    id: 'event-1',
    state: 'Settled',
    decision: 'quarantine_pod',
    classification: 'true_positive',
    actions: [{ action: 'quarantine_pod', outcome: 'done', pod: 'shop/web-1' }],
    approvals: [{ state: 'Approved', by: 'a text' }],
    count: 3,
  });
});

test.each([
  ['no JSON'],
  ['[]'],
  ['{"event":"incident"}'],
  ['{"event":"evidence","alert":{}}'],
  ['{"event":"incident","alert":{"id":1}}'],
])('passOfLine ignores a line that is not of an incident: %s', (line) => {
  expect(passOfLine(line)).toBeNull();
});
