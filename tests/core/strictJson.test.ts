import fc from 'fast-check';

import { readObject } from '../../core/analysis/strictJson';

const LONGEST = 64 * 1024;
const objects = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 5 }));

/** JSON with the changes that a model, or an attacker, makes to it. */
const nearlyJson = fc
  .tuple(
    objects.map((value) => JSON.stringify(value)),
    fc.nat(),
    fc.nat(3),
    fc.constantFrom(
      '',
      '"',
      '\\',
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '0',
      '01',
      '-',
      '1e',
      'nul',
      '\n',
      '\u0000',
      '\\u00',
      ' ',
    ),
  )
  .map(([text, at, gone, added]) => {
    const place = at % (text.length + 1);
    return text.slice(0, place) + added + text.slice(place + gone);
  });

describe('readObject', () => {
  test('reads every object that JSON knows to its end, wherever it stands', () => {
    fc.assert(
      fc.property(objects, fc.constantFrom(0, 2), fc.string(), fc.string(), (value, indent, before, after) => {
        const text = JSON.stringify(value, null, indent);
        expect(readObject(before + text + after, before.length, LONGEST)).toMatchObject({
          end: before.length + text.length,
          fault: null,
        });
      }),
    );
  });

  test.each(['"{"]":false}', '1]', 'null]', ' {}', ']', ''])('finds no object where none begins: %j', (text) => {
    expect(readObject(text, 0, LONGEST)).toEqual({ end: null, at: 0, fault: 'syntax' });
  });

  test('takes nothing that JSON.parse does not take', () => {
    fc.assert(
      fc.property(nearlyJson, (text) => {
        const { end } = readObject(text, 0, LONGEST);
        if (end !== null) expect(() => JSON.parse(text.slice(0, end)) as unknown).not.toThrow();
      }),
      { numRuns: 2000 },
    );
  });

  test('refuses what JSON.parse takes only where a key occurs twice or nesting is deep', () => {
    const parses = (text: string) => {
      try {
        return typeof JSON.parse(text) === 'object' && text.trim().startsWith('{');
      } catch {
        return false;
      }
    };
    fc.assert(
      fc.property(nearlyJson, (text) => {
        const { end, fault } = readObject(text, !text.includes('{') ? 0 : text.indexOf('{'), LONGEST);
        if (end === null && parses(text)) expect(fault).toBe('duplicate_key');
      }),
      { numRuns: 2000 },
    );
  });

  test.each([
    ['twice at the top', '{"a":1,"a":2}', 'duplicate_key'],
    ['twice inside', '{"x":[{"y":{"a":1,"b":2,"a":1}}]}', 'duplicate_key'],
    ['twice, once escaped', String.raw`{"decision":1,"decis\u0069on":2}`, 'duplicate_key'],
    ['twice as a name of Object', '{"__proto__":1,"__proto__":2}', 'duplicate_key'],
    ['in two objects', '{"a":{"b":1},"c":{"b":1}}', null],
    ['nested 5,000 deep in objects', `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`, 'too_deep'],
    ['nested 5,000 deep in lists', `{"a":${'['.repeat(5000)}${']'.repeat(5000)}}`, 'too_deep'],
    ['cut off in a string', '{"a":"b', 'cut_off'],
    ['cut off in an escape', String.raw`{"a":"b\u00`, 'cut_off'],
    ['cut off after a comma', '{"a":1,', 'cut_off'],
    ['a comma too many', '{"a":1,}', 'syntax'],
    ['a line break in a string', '{"a":"b\n"}', 'syntax'],
    ['brackets that do not fit', '{"a":[1}}', 'syntax'],
    ['no key', '{1:2}', 'syntax'],
  ])('%s', (_what, text, fault) => {
    expect(readObject(text, 0, LONGEST).fault).toBe(fault);
  });

  test('looks no further than it may', () => {
    expect(readObject(`{"a":"${'x'.repeat(2 * LONGEST)}"}`, 0, LONGEST)).toEqual({
      end: null,
      at: LONGEST,
      fault: 'cut_off',
    });
  });
});
