import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import fc from 'fast-check';

import { judge } from '../cluster/kind/heldConnections';
import { ROOT } from './support/manifests';

/** What probe-connections.sh had seen in three network namespaces, one of which nftables then closed. */
const recorded = (name: string) => readFileSync(join(ROOT, 'tests/fixtures/probe', `${name}.txt`), 'utf8');

const MARKS = { asked: 100, labelled: 101, closed: 103, end: 115 };

interface Stream {
  from: number;
  to: number;
  connection?: number;
}

const lines = (name: string, { from, to, connection = 1 }: Stream): string[] =>
  Array.from(
    { length: Math.max(0, Math.round((to - from) * 5)) },
    (_, index) => `${name} ${(from + index / 5).toFixed(2)} ${connection} ${index + 1}`,
  );

/** Observations of a probe in which each stream ran as given; by default every one from 90 to its end. */
function observations(
  streams: Partial<Record<'inbound' | 'outbound' | 'control', Stream[]>>,
  marks: Partial<Record<keyof typeof MARKS, number | null>> = {},
): string {
  const times = Object.entries({ ...MARKS, ...marks }).filter(([, at]) => at !== null);
  const all = { inbound: CUT, outbound: CUT, control: HELD, ...streams };
  return [
    ...times.map(([name, at]) => `mark ${name} ${Number(at).toFixed(2)}`),
    ...Object.entries(all).flatMap(([name, parts]) => parts.flatMap((part) => lines(name, part))),
  ].join('\n');
}

const HELD: Stream[] = [{ from: 90, to: 115 }];
const CUT: Stream[] = [{ from: 90, to: 102 }];

describe('judge() of what the quarantine probe saw', () => {
  test('says cut of two connections that were standing and are dead, as recorded', () => {
    expect(judge(recorded('cut'))).toMatchObject({
      verdict: 'cut',
      held: expect.stringMatching(
        /^inbound connection 1 carried 16 to 30 .*; outbound connection 1 .*; control connection 1 /,
      ) as string,
    });
    expect(judge(observations({})).verdict).toBe('cut');
  });

  test('says survives of connections that go on, and of one that does, as recorded', () => {
    expect(judge(recorded('one-direction'))).toMatchObject({
      verdict: 'survives',
      reason: expect.stringMatching(
        /^outbound connection 1 carried 16 to 30 right before .* and 103 in the end$/,
      ) as string,
    });
    expect(judge(observations({ inbound: HELD, outbound: HELD })).verdict).toBe('survives');
    expect(judge(observations({ inbound: HELD })).verdict).toBe('survives');
  });

  test.each<[string, Parameters<typeof observations>, string]>([
    ['nothing was ever held', [{ inbound: [] }], 'no inbound connection was standing'],
    [
      'each connection ended after a moment',
      [
        {
          outbound: Array.from({ length: 40 }, (_, index) => ({
            from: 90 + index / 2,
            to: 90.2 + index / 2,
            connection: index + 1,
          })),
        },
      ],
      'no outbound connection was standing',
    ],
    ['the connection was made in the last moment', [{ inbound: [{ from: 99.8, to: 102 }] }], 'no inbound connection'],
    ['it stopped long before the quarantine', [{ inbound: [{ from: 90, to: 95 }] }], 'no inbound connection'],
    [
      'it stopped right before the quarantine was asked for',
      [{ inbound: [{ from: 90, to: 98.2 }] }],
      'carried nothing any more',
    ],
    [
      'it stopped while the quarantine was being decided',
      [{ inbound: [{ from: 90, to: 101 }] }, { labelled: 110, closed: 111, end: 123 }],
      'stopped before the pod was isolated',
    ],
    ['the control connection died as well', [{ control: CUT }], 'control connection'],
    ['there was no control connection', [{ control: [] }], 'no control connection was standing'],
    [
      'the control connection had to be made again',
      [{ control: [...CUT, { from: 103, to: 115, connection: 2 }] }],
      'control connection',
    ],
    [
      'a new connection came through',
      [{ inbound: [...CUT, { from: 108, to: 115, connection: 2 }] }],
      'a new inbound connection was made',
    ],
    ['the probe did not get to its end', [{}, { end: null }], 'did not get to its end'],
    ['the pod was never seen isolated', [{}, { labelled: null }], 'did not get to its end'],
    ['it was not watched long enough', [{}, { end: 106 }], 'did not watch long enough'],
    ['the clock went back', [{}, { labelled: 50 }], 'clock went back'],
  ])('says unknown where %s', (_what, asked, reason) => {
    expect(judge(observations(...asked))).toMatchObject({
      verdict: 'unknown',
      reason: expect.stringContaining(reason) as string,
    });
  });

  test('says unknown of observations that cannot be read, or whose numbers are not in order', () => {
    expect(judge('').verdict).toBe('unknown');
    const seen = observations({});
    expect(judge(seen.replaceAll(/^inbound (\S+) (\d+) \d+$/gm, 'inbound $1 $2')).verdict).toBe('unknown');
    expect(judge(seen.replace('inbound 95.00 1 26', 'inbound 95.00 1 27')).reason).toContain('not in order');
    // The last line of a stream was read while it was written.
    expect(judge(`${seen}\ncontrol 115.0`).verdict).toBe('cut');
  });

  test('never says cut where a number arrived in the end, whatever else was seen', () => {
    const stream = fc.array(
      fc.record({
        from: fc.double({ min: 85, max: 115, noNaN: true }),
        to: fc.double({ min: 85, max: 115, noNaN: true }),
        connection: fc.nat(3),
      }),
      { maxLength: 3 },
    );
    fc.assert(
      fc.property(
        stream,
        stream,
        stream,
        fc.constantFrom('inbound', 'outbound'),
        (inbound, outbound, control, alive) => {
          const seen = `${observations({ inbound, outbound, control })}\n${alive} 114.90 1 999`;
          expect(judge(seen).verdict).not.toBe('cut');
          expect(['cut', 'survives', 'unknown']).toContain(judge(observations({ inbound, outbound, control })).verdict);
        },
      ),
    );
  });
});
