import fc from 'fast-check';

import { JSON_LIMITS, parseLossless, parseSteps } from '../../core/text/json';
import { PipelineError } from '../../core/errors';

/** What a parser makes of a text: its value, or that it refused it. */
function outcome(parse: (text: string) => unknown, text: string): unknown {
  try {
    return { value: parse(text) };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return 'refused';
  }
}

const stepsOf = (text: string) => [...parseSteps(text)].length;

describe('parseLossless reads as JSON.parse does', () => {
  test('any value, however it is written', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(undefined, 1, '\t', '\r\n '), (value, space) => {
        const text = JSON.stringify(value, null, space);
        expect(parseLossless(text)).toEqual(
          JSON.parse(text, (_key, part: unknown): unknown =>
            typeof part === 'number' && Number.isInteger(part) && !Number.isSafeInteger(part)
              ? expect.anything()
              : part,
          ),
        );
      }),
    );
  });

  test('any text that is nearly JSON is refused by both or by neither', () => {
    const token = fc.constantFrom(
      ...['{', '}', '[', ']', ',', ':', '"a"', '"', '\\', '1', '-', '01', '1.5', '.5', '1.', '1e-3', '1e', '+1', '-0'],
      ...['true', 'null', 'nul', 'NaN', ' ', '\n', '\u00a0', '\ufeff', '"\\u0041"', '"\\x"', '"\u0001"', '"\\"', "'a'"],
      ...['"__proto__":', '"a":', '[1]', '{"a":1}', '"\ud83d\ude00"', '"\\ud83d"', '//', '"a":1,"a":2'],
    );
    fc.assert(
      fc.property(fc.array(token, { maxLength: 8 }), (tokens) => {
        const text = tokens.join('');
        expect(outcome(parseLossless, text)).toEqual(outcome(JSON.parse, text));
      }),
      { numRuns: 5000 },
    );
  });

  test.each([
    '',
    ' ',
    '{',
    '[1',
    '"a',
    '"a\\',
    '"a\\"',
    '{"a"}',
    '{"a":}',
    '{"a":1,}',
    '[1,]',
    '[,1]',
    '1 2',
    '{"a":1]',
    '[1}',
    '{1:1}',
    'undefined',
  ])('%j is refused', (text) => {
    expect(() => parseLossless(text)).toThrow(SyntaxError);
    expect(() => JSON.parse(text) as unknown).toThrow(SyntaxError);
  });

  test('__proto__ is a key like any other', () => {
    const read = parseLossless('{"__proto__":{"evil":1},"a":2}') as Record<string, unknown>;
    expect(Object.entries(read)).toEqual([
      ['__proto__', { evil: 1 }],
      ['a', 2],
    ]);
    expect(read.evil).toBeUndefined();
  });
});

test('integers beyond 2^53 are kept digit by digit, all other numbers as numbers', () => {
  expect(parseLossless('[1795083330123456789,-9007199254740993,9007199254740991,1.5,-0,1e2,1e101]')).toEqual([
    '1795083330123456789',
    '-9007199254740993',
    9007199254740991,
    1.5,
    -0,
    100,
    1e101,
  ]);
});

describe('what is too much is refused', () => {
  test.each([
    ['[', ']'],
    ['{"a":', '}'],
    ['[{"a":', '}]'],
  ])('levels of %j beyond the most', (open, close) => {
    const nest = (levels: number) => {
      const count = Math.floor(levels / close.length);
      return `${open.repeat(count)}1${close.repeat(count)}`;
    };
    expect(() => parseLossless(nest(JSON_LIMITS.levels))).not.toThrow();
    expect(() => parseLossless(nest(JSON_LIMITS.levels + 2))).toThrow(new SyntaxError('nested too deeply'));
    expect(() => parseLossless(nest(200_000))).toThrow(new SyntaxError('nested too deeply'));
    expect(() => parseLossless(open.repeat(200_000))).toThrow(new SyntaxError('nested too deeply'));
  });

  test('keys of one object', () => {
    const object = (keys: number) => `{${Array.from({ length: keys }, (_, index) => `"${index}":1`).join(',')}}`;
    expect(() => parseLossless(object(JSON_LIMITS.keys))).not.toThrow();
    expect(() => parseLossless(object(JSON_LIMITS.keys + 1))).toThrow(PipelineError);
    expect(() => parseLossless(`{${'"a":1,'.repeat(JSON_LIMITS.keys)}"a":1}`)).toThrow(PipelineError);
  });

  test('values', () => {
    const list = (values: number) => `[${'1,'.repeat(values - 2)}1]`;
    expect(parseLossless(list(JSON_LIMITS.values))).toHaveLength(JSON_LIMITS.values - 1);
    expect(() => parseLossless(list(JSON_LIMITS.values + 1))).toThrow(PipelineError);
  });
});

test('a body is read in many steps, of which none reads much', () => {
  const texts = `[${Array.from({ length: 10_000 }, (_, index) => `"${index}${'x'.repeat(100)}"`).join(',')}]`;
  const values = `[${'{},'.repeat(100_000)}{}]`;
  expect(stepsOf(texts)).toBeGreaterThan(texts.length / 200_000);
  expect(stepsOf(values)).toBeGreaterThan(90);
  expect(stepsOf('{"a":1}')).toBe(0);
});
