import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { CASES } from '../../eval/paths';
import { chooseCases } from '../../eval/run/evaluate';
import { readResults } from '../../eval/run/results';

const nowhere = join(tmpdir(), 'there-is-no-such-folder');

test('evaluate: a choice of no case is refused, so that it does not look like a result', async () => {
  await expect(chooseCases({ cases: CASES, split: 'tuning', only: /zzzz/ })).rejects.toThrow(/No case .* --only zzzz/);
});

test('evaluate: a folder that cannot be read is named with its option', async () => {
  await expect(chooseCases({ cases: nowhere, split: 'all', only: /./ })).rejects.toThrow(/\(--cases\): .*ENOENT/);
  await expect(readResults(nowhere)).rejects.toThrow(/\(--compare FOLDER\): .*ENOENT/);
});
