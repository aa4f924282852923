import { patiently } from '../../app/outputs/patiently';

/** A store that refuses so often before it counts. */
function refusing(times: number, isLasting?: (error: unknown) => boolean) {
  const calls: string[] = [];
  const count = () => {
    calls.push('count');
    return calls.filter((call) => call === 'count').length > times
      ? Promise.resolve()
      : Promise.reject(new Error('full'));
  };
  const rest = () => Promise.resolve(void calls.push('rest'));
  return { calls, run: () => patiently(count, { rest, ...(isLasting && { isLasting }) }) };
}

test('patiently() does its work once where the store answers', async () => {
  const { calls, run } = refusing(0);
  await run();
  expect(calls).toEqual(['count']);
});

test('patiently() tries again after a rest while the store refuses', async () => {
  const { calls, run } = refusing(2);
  await run();
  expect(calls).toEqual(['count', 'rest', 'count', 'rest', 'count']);
});

test("patiently() fails with the store's error after five tries", async () => {
  const { calls, run } = refusing(5);
  await expect(run()).rejects.toThrow('full');
  expect(calls.filter((call) => call === 'count')).toHaveLength(5);
});

test('patiently() waits for no error that a person has to mend', async () => {
  const { calls, run } = refusing(1, (error) => error instanceof Error && error.message === 'full');
  await expect(run()).rejects.toThrow('full');
  expect(calls).toEqual(['count']);
});

test('patiently() gives what the work gave', async () => {
  expect(await patiently(() => Promise.resolve('the count'))).toBe('the count');
});
