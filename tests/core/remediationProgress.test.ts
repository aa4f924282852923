import { eventSchema, neoTaskSchema, type NeoEvent } from '../../core/remediation/events';
import { progressOf } from '../../core/remediation/progress';
import type { Repository } from '../../core/remediation/repository';
import { GITHUB_TOKEN } from '../support/secrets';

const progress = (status: string, events: readonly NeoEvent[], repository: Repository | null) =>
  progressOf({ status, entities: [] }, events, repository);

const SHOP = { host: 'github.com', org: 'acme', name: 'shop' };
const PULL_REQUEST = 'https://github.com/acme/shop/pull/1';

const event = (type: string, more: object = {}): NeoEvent =>
  eventSchema.parse({ id: `e-${type}`, eventBody: { type, ...more } });
const asked = event('user_message', { content: 'Find it.' });
const said = (content: string, is_final = true): NeoEvent => event('assistant_message', { content, is_final });
const asks = (id = 'a-1', more: object = {}): NeoEvent =>
  event('user_approval_request', { id, message: 'May I?', ...more });
const answered = (id = 'a-1', ok = true): NeoEvent => event('user_confirmation', { approval_request_id: id, ok });
const failed = event('error', { message: `It broke with ${GITHUB_TOKEN}.` });
const cancelled = event('cancelled');
const step = event('exec_tool_call', { name: 'read_repository' });

const FIXED = said(`I made the change.\nResult: fixed, ${PULL_REQUEST}`);

test.each<[string, string, NeoEvent[], string]>([
  // What cannot go on.
  ['an error', 'idle', [asked, failed], 'failed'],
  ['an error while it says that it runs', 'running', [asked, failed], 'failed'],
  ['an error behind a question', 'idle', [asked, asks(), failed], 'failed'],
  ['an error, and a person who says more', 'running', [asked, asks(), failed, asked], 'running'],
  ['an error, and a person whose word it has not taken up', 'idle', [asked, failed, asked], 'running'],
  ['an error, and a later message', 'idle', [asked, failed, FIXED], 'fixed'],
  ['cancelled', 'idle', [asked, cancelled], 'failed'],
  ['cancelled while it waits', 'idle', [asked, asks(), cancelled], 'failed'],
  ['cancelled, and a person who says more', 'running', [asked, cancelled, asked], 'running'],
  ['idle without a last message', 'idle', [asked, said('Looking.', false), step], 'failed'],
  ['idle behind steps of an unknown kind', 'idle', [asked, event('brand_new')], 'failed'],
  // What waits.
  ['a question', 'idle', [asked, asks()], 'awaiting_approval'],
  ['a question while it says that it runs', 'running', [asked, asks()], 'awaiting_approval'],
  [
    'two questions of which one is answered',
    'idle',
    [asked, asks(), asks('a-2'), answered('a-2')],
    'awaiting_approval',
  ],
  ['a question, and an answer to another', 'idle', [asked, asks(), answered('a-9')], 'awaiting_approval'],
  ['a question, and a person who says something else', 'idle', [asked, asks(), asked], 'awaiting_approval'],
  ['a question that is answered', 'running', [asked, asks(), answered()], 'running'],
  ['a question that is answered, before it goes on', 'idle', [asked, asks(), answered()], 'running'],
  ['a question that is answered, and a fix', 'idle', [asked, asks(), answered(), step, FIXED], 'fixed'],
  [
    'a question that is declined',
    'idle',
    [asked, asks(), answered('a-1', false), said('It was declined.')],
    'not_fixed',
  ],
  // What goes on.
  ['idle before the first event', 'idle', [], 'running'],
  ['idle behind its commission', 'idle', [asked], 'running'],
  ['at work', 'running', [asked, said('Looking.', false), step], 'running'],
  ['a last message before it is idle', 'running', [asked, FIXED], 'running'],
  ['a last message, and a person who says more', 'idle', [asked, FIXED, asked], 'running'],
  // What ended.
  ['a pull request', 'idle', [asked, FIXED], 'fixed'],
  ['a pull request, and an unknown event', 'idle', [asked, FIXED, event('brand_new')], 'fixed'],
  ['findings', 'idle', [asked, said('Nothing has to change.')], 'not_fixed'],
  ['a pull request elsewhere', 'idle', [asked, said('See https://github.com/evil/shop/pull/1')], 'not_fixed'],
  [
    'a pull request in a message that is not the last',
    'idle',
    [asked, said(PULL_REQUEST, false), said('No.')],
    'not_fixed',
  ],
])('%s (%s) is %s', (_what, status, events, state) => {
  expect(progress(status, events, SHOP).state).toBe(state);
});

describe('what Neo says decides over what it links to', () => {
  test.each([
    `Result: not fixed, since ${PULL_REQUEST} is open already`,
    `**Result:** not fixed. It is ${PULL_REQUEST}.`,
    `> result: Not fixed\n\n${PULL_REQUEST}`,
    `See ${PULL_REQUEST}.\n- **Result: not fixed**`,
  ])('%j', (text) => {
    expect(progress('idle', [asked, said(text)], SHOP)).toMatchObject({ state: 'not_fixed', pullRequest: null });
  });

  test.each([`Result: fixed, ${PULL_REQUEST}`, `It was not fixed before.\n**Result: fixed** (${PULL_REQUEST})`])(
    '%j',
    (text) => {
      expect(progress('idle', [asked, said(text)], SHOP)).toMatchObject({
        state: 'fixed',
        pullRequest: PULL_REQUEST,
      });
    },
  );

  test.each([
    `Similar to ${PULL_REQUEST}, which was closed. I could not open one.`,
    `1. Result: not fixed, see ${PULL_REQUEST}`,
    `Result - not fixed (${PULL_REQUEST})`,
    `${PULL_REQUEST} was there before.\nResult: fixed`,
  ])('a link that is not its result is none: %j', (text) => {
    expect(progress('idle', [asked, said(text)], SHOP)).toMatchObject({ state: 'not_fixed', pullRequest: null });
  });

  test('without a repository there is no fix', () => {
    expect(progress('idle', [asked, FIXED], null)).toMatchObject({ state: 'not_fixed', pullRequest: null });
  });

  test('a link at the end of a very long message is found', () => {
    expect(progress('idle', [asked, said(`${'x '.repeat(100_000)}\nResult: fixed, ${PULL_REQUEST}`)], SHOP).state).toBe(
      'fixed',
    );
  });
});

describe('texts of Neo', () => {
  test('are masked and cut', () => {
    const long = `The token is ${GITHUB_TOKEN}. \u202e ${'x '.repeat(20_000)}`;
    const { message, problem } = progress('idle', [asked, said(long), failed], SHOP);
    expect(message).not.toContain(GITHUB_TOKEN);
    expect(message).toContain('\\u{202e}');
    expect(message?.length).toBeLessThan(9000);
    expect(problem).toMatch(/^Neo ended it with an error: It broke with \[masked/);
  });

  test('that ask are masked and cut, with what they are about', () => {
    const [regular, sensitive] = [
      asks('a-1', { message: `${GITHUB_TOKEN} ${'x'.repeat(9000)}` }),
      asks('a-2', { approval_type: 'tool_permission', sensitivity: 'sensitive' }),
    ];
    expect(progress('idle', [regular], SHOP).approval).toMatchObject({
      id: 'a-1',
      type: 'general',
      sensitivity: 'regular',
    });
    expect(progress('idle', [regular], SHOP).approval?.message).not.toContain(GITHUB_TOKEN);
    expect(progress('idle', [regular], SHOP).approval?.message.length).toBeLessThan(2100);
    expect(progress('idle', [regular, sensitive], SHOP).approval).toEqual({
      id: 'a-2',
      message: 'May I?',
      type: 'tool_permission',
      sensitivity: 'sensitive',
    });
  });

  test('an error that a person answered is said no more', () => {
    expect(progress('running', [asked, failed, asked], SHOP).problem).toBeNull();
  });
});

describe('an event', () => {
  test.each<[string, unknown]>([
    ['without an id', { eventBody: { type: 'cancelled' } }],
    ['with an empty id', { id: '', eventBody: { type: 'cancelled' } }],
    ['whose body has another name', { id: '1', body: { type: 'cancelled' } }],
    ['whose body is a text', { id: '1', eventBody: 'cancelled' }],
    ['without a type', { id: '1', eventBody: { content: 'Hm.' } }],
    [
      'whose content has another name',
      { id: '1', eventBody: { type: 'assistant_message', text: 'Hm.', is_final: true } },
    ],
    ['that does not say whether it is the last', { id: '1', eventBody: { type: 'assistant_message', content: 'Hm.' } }],
    ['that asks without an id', { id: '1', eventBody: { type: 'user_approval_request', message: 'May I?' } }],
    ['that answers nothing', { id: '1', eventBody: { type: 'user_confirmation', ok: true } }],
    ['that fails without a word', { id: '1', eventBody: { type: 'error' } }],
  ])('%s is an error', (_what, given) => {
    expect(eventSchema.safeParse(given).success).toBe(false);
  });

  test('of a type that came later is a step on the way', () => {
    expect(event('brand_new', { content: 7 }).eventBody).toEqual({ type: 'other' });
  });
});

test('a task is read with entities of kinds that came later', () => {
  const task = { id: 't-1', status: 'idle', createdAt: '2026-11-21T10:15:30+01:00' };
  expect(neoTaskSchema.parse({ ...task, entities: [{ type: 'brand_new', x: 1 }] }).entities).toEqual([
    { type: 'other' },
  ]);
  expect(neoTaskSchema.parse(task).entities).toEqual([]);
  expect(neoTaskSchema.safeParse({ ...task, createdAt: 'yesterday' }).success).toBe(false);
});
