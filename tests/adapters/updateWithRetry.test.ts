import { updateWithRetry } from '../../adapters/kubernetes/api/updateWithRetry';
import { PipelineError, type PipelineErrorCode } from '../../core/errors';

/** An object that others change `others` times before our write counts. */
function contested(others: number, code: PipelineErrorCode = 'conflict') {
  const reads: boolean[] = [];
  let left = others;
  const update = updateWithRetry({
    attempts: 3,
    read: (isFirst) => {
      reads.push(isFirst);
      return Promise.resolve(reads.length);
    },
    write: (version) => {
      left -= 1;
      if (left >= 0) return Promise.reject(new PipelineError(code, code, { nextStep: 'none' }));
      return Promise.resolve(version);
    },
  });
  return { reads, update };
}

describe('updateWithRetry()', () => {
  test.each([
    [0, [true]],
    [2, [true, false, false]],
  ])('writes to the version that it read last, after %d lost races', async (others, expected) => {
    const { reads, update } = contested(others);
    expect(await update).toBe(expected.length);
    expect(reads).toEqual(expected);
  });

  test('gives up after its attempts', async () => {
    const { reads, update } = contested(3);
    await expect(update).rejects.toMatchObject({ code: 'conflict' });
    expect(reads).toHaveLength(3);
  });

  test('tries nothing again that is not a conflict', async () => {
    const { reads, update } = contested(1, 'rejected');
    await expect(update).rejects.toMatchObject({ code: 'rejected' });
    expect(reads).toHaveLength(1);
  });
});
