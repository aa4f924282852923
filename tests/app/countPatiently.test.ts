import { countPatiently } from '../../app/outputs/countPatiently';

/** A store that refuses so often before it counts. */
function refusing(times: number) {
  const calls: string[] = [];
  const count = () => {
    calls.push('count');
    return calls.filter((call) => call === 'count').length > times
      ? Promise.resolve()
      : Promise.reject(new Error('full'));
  };
  const rest = () => Promise.resolve(void calls.push('rest'));
  return { calls, run: () => countPatiently(count, rest) };
}

test('countPatiently() counts at once where the store answers', async () => {
  const { calls, run } = refusing(0);
  await run();
  expect(calls).toEqual(['count']);
});

test('countPatiently() tries again after a rest while the store refuses', async () => {
  const { calls, run } = refusing(2);
  await run();
  expect(calls).toEqual(['count', 'rest', 'count', 'rest', 'count']);
});

test("countPatiently() fails with the store's error after five tries", async () => {
  const { calls, run } = refusing(5);
  await expect(run()).rejects.toThrow('full');
  expect(calls.filter((call) => call === 'count')).toHaveLength(5);
});
