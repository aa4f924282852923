import { randomUUID } from 'node:crypto';

import { ANSWER_BOUNDS, type AnswerStore } from '../../app/answers/ports';

export interface AnswerStores {
  /** Stores of the same answers, each as another process has it. */
  stores: [AnswerStore, AnswerStore];
  /** Makes all answers older. */
  age: (minutes: number) => Promise<void>;
}

/** What every store of a model's answers does, whatever it keeps them in. */
export function answerStoreContract(open: () => Promise<AnswerStores>): void {
  let one: AnswerStore;
  let other: AnswerStore;
  let age: AnswerStores['age'];
  beforeAll(async () => {
    ({
      stores: [one, other],
      age,
    } = await open());
  });
  const LAST_MINUTE = ANSWER_BOUNDS.minutes - 1;

  describe('a store of answers', () => {
    test('knows nothing that nobody kept', async () => {
      expect(await one.find(randomUUID())).toBeNull();
    });

    test('gives another process what was kept, with its incident and time', async () => {
      const key = randomUUID();
      const answer = JSON.stringify({ text: "'; drop table answer; -- \u2028 Προμηθεύς" });
      await one.keep('an incident', [{ key, answer }]);
      const found = await other.find(key);
      expect(found).toEqual({ incident: 'an incident', answer, at: expect.any(String) as string });
      expect(new Date(found?.at ?? '').toISOString()).toBe(found?.at);
    });

    test('keeps the last answer of a key, also when processes keep the same keys at once', async () => {
      const [a, b] = [randomUUID(), randomUUID()];
      await Promise.all(
        Array.from({ length: 20 }, (_, index) => {
          const answers = [a, b].map((key) => ({ key, answer: String(index) }));
          return (index % 2 === 0 ? one : other).keep('at once', index % 3 === 0 ? answers.reverse() : answers);
        }),
      );
      await other.keep('later', [{ key: a, answer: 'last' }]);
      expect(await one.find(a)).toMatchObject({ incident: 'later', answer: 'last' });
      expect(await one.find(b)).toMatchObject({ incident: 'at once' });
    });

    test('gives an answer for an hour from when it was kept, however often it is used', async () => {
      const key = randomUUID();
      await one.keep('old', [{ key, answer: 'a' }]);
      await age(LAST_MINUTE);
      expect(await other.find(key)).not.toBeNull();
      await age(2);
      expect(await other.find(key)).toBeNull();
      await one.keep('new', [{ key, answer: 'b' }]);
      expect(await other.find(key)).toMatchObject({ incident: 'new', answer: 'b' });
    });

    test('knows an answer that another process kept since this one looked at the clock, and leaves it', async () => {
      const key = randomUUID();
      await one.keep('faster', [{ key, answer: 'a' }]);
      await age(-3 / 60);
      await other.keep('slower', [{ key: randomUUID(), answer: 'b' }]);
      expect(await other.find(key)).toMatchObject({ incident: 'faster' });
    });

    test('forgets the keys that it is given, and no others', async () => {
      const [a, b, c] = [randomUUID(), randomUUID(), randomUUID()];
      await one.keep(
        'i',
        [a, b, c].map((key) => ({ key, answer: '1' })),
      );
      await other.forget([a, c, randomUUID()]);
      expect(await Promise.all([a, b, c].map(async (key) => (await one.find(key)) !== null))).toEqual([
        false,
        true,
        false,
      ]);
    });

    test('keeps a bounded number, the newest ones', async () => {
      const old = randomUUID();
      await one.keep('old', [{ key: old, answer: '1' }]);
      await age(1);
      const keys = Array.from({ length: ANSWER_BOUNDS.answers }, () => randomUUID());
      await other.keep(
        'many',
        keys.map((key) => ({ key, answer: '1' })),
      );
      expect(await one.find(old)).toBeNull();
      expect(await one.find(keys[0] ?? '')).not.toBeNull();
    });
  });
}
