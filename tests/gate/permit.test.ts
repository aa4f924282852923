import fc from 'fast-check';

import { GATE_HEADERS } from '../../core/names';
import { URGENT_HEADER } from '../../gate/urgent/urgency';
import { likenessOf } from '../../gate/repeats/likeness';
import { COUNT_HEADER, PERMIT_HEADER, readPermit } from '../../gate/repeats/permit';

test('gate and trigger call their headers the same', () => {
  expect(Object.values(GATE_HEADERS).map((name) => name.toLowerCase())).toEqual([
    PERMIT_HEADER,
    COUNT_HEADER,
    URGENT_HEADER,
  ]);
});

describe('readPermit: a header of n8n', () => {
  test.each([
    ['that is missing', undefined],
    ['that is no JSON', '{'],
    ['that is no object', 'null'],
    ['without lists', '{}'],
    ['that names no header', '{"same":[],"differ":[]}'],
    ['with something else than names', '{"same":["a",1],"differ":[]}'],
    ['with an empty name', '{"same":["a"],"differ":[""]}'],
    ['with too many names', JSON.stringify({ same: ['a'], differ: Array.from({ length: 33 }, String) })],
    ['that came twice', ['{"same":["a"],"differ":[]}', '{"same":["a"],"differ":[]}']],
  ])('%s permits nothing', (_what, header) => {
    expect(readPermit(header)).toBeNull();
  });
});

const PERMIT = { same: ['x-alert-secret', 'content-type'], differ: ['time', 'output_fields/proc.*'] };

describe('likenessOf', () => {
  const head = { url: '/', headers: { 'x-alert-secret': 's', 'content-type': 'application/json' }, caller: '' };
  const like = (value: unknown) => likenessOf(head, Buffer.from(JSON.stringify(value)), PERMIT);

  test('is the same exactly when everything is that may not differ', () => {
    const name = fc.constantFrom('time', 'rule', 'proc.x', 'k8s.pod', 'fields', 'output_fields', '__proto__');
    const record = fc.dictionary(name, fc.oneof(fc.string({ maxLength: 2 }), fc.dictionary(name, fc.nat(2))));
    const fixed = ({ time: _time, ...rest }: Record<string, unknown>) =>
      JSON.stringify(
        Object.entries(rest).map(([key, value]) => [
          key,
          key === 'output_fields' && typeof value === 'object' && value !== null
            ? Object.entries(value).filter(([field]) => !field.startsWith('proc.'))
            : value,
        ]),
      );
    fc.assert(
      fc.property(record, record, (one, other) => {
        expect(like(one) === like(other)).toBe(fixed(one) === fixed(other));
      }),
      { numRuns: 2000 },
    );
  });

  test('needs every header that the permit names', () => {
    expect(likenessOf({ ...head, headers: { 'content-type': 'x' } }, Buffer.from('{}'), PERMIT)).toBeNull();
  });
});
