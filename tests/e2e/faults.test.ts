import { connect as connectResponder } from '../../adapters/kubernetes/api/client';
import { connect } from '../../cluster/local/kubernetes/client';
import { type Bench, killAtEach, learn, type Lesson, strikeEach } from './support/faultDriver';
import { FaultProxy } from './support/faultProxy';
import { type Operation, OPERATIONS } from './support/operations';
import { AMPLE, forgetReservations, setPolicy } from './support/policy';
import { caOf, responderAccess } from './support/responder';
import { FIRST_START_MS, startStack } from './support/stack';

/** A test is a row of runs, one for each call of the operation. */
const ROW_MS = 180_000;

const FAULTS = ['reset', 'timeout', 409, 429, 500] as const;
const WHEN = ['before', 'after'] as const;
const EVERY = FAULTS.flatMap((fault) => WHEN.map((when) => ({ fault, when })));

// 429 and 500 become the same error as a lost connection (adapters/kubernetes/api/errors.ts), a call that nobody answers and
// that had no effect ends like one that was cut, and no API server says of what it carried out that it conflicts.
// EVERY_FAULT=1 runs all, and for releases what a quarantine always gets.
const IS_EVERY = process.env.EVERY_FAULT !== undefined;
const tooLike = ({ fault, when }: (typeof EVERY)[number]) =>
  fault === 429 || fault === 500 || (fault === 'timeout' ? when === 'before' : fault === 409 && when === 'after');
const CHOSEN = IS_EVERY ? EVERY : EVERY.filter((how) => !tooLike(how));
const isThorough = ({ thorough }: Operation): boolean =>
  thorough === 'always' || (IS_EVERY && thorough === 'with EVERY_FAULT');

let bench: Bench;

beforeAll(async () => {
  const access = responderAccess(await startStack());
  const proxy = await FaultProxy.start({ server: access.server, caCertificate: caOf(access) });
  bench = { cluster: connect(), access, proxy };
  await setPolicy(bench.cluster, { budget: AMPLE });
}, FIRST_START_MS);
afterAll(() => bench.proxy.close());

describe.each(OPERATIONS)('$name reports nothing half done and can be run again', (operation) => {
  let lesson: Lesson;

  beforeAll(async () => {
    await forgetReservations(await connectResponder(bench.access, { watch: false }));
    lesson = await learn(bench, operation);
  });

  test.each(isThorough(operation) ? CHOSEN : CHOSEN.filter(({ fault }) => fault === 'reset'))(
    'with $fault $when any call',
    async (how) => {
      expect(await strikeEach(bench, operation, lesson, how)).toEqual([]);
    },
    ROW_MS,
  );

  if (!isThorough(operation)) return;

  test(
    'with the API server lost from any call on',
    async () => {
      const outage = { fault: 'reset', when: 'before', lasting: true } as const;
      expect(await strikeEach(bench, operation, lesson, outage)).toEqual([]);
    },
    ROW_MS,
  );

  // Killed before a call leaves the cluster as killed after the one before it.
  test(
    'with the process killed after any call',
    async () => {
      expect(await killAtEach(bench, operation, lesson, 'after')).toEqual([]);
    },
    ROW_MS,
  );
});
