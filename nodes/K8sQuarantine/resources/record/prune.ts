import { prune as remove } from '../../../../app/retention/prune';
import { readRecordItem } from '../../../../core/retention/lastState';
import { done, type Operation } from '../operation';
import { orProblem } from '../orProblem';

/** Deletes the item's record. Put Loki Push before it: what cannot be logged is then not deleted. */
export const prune: Operation = {
  name: 'Prune',
  value: 'prune',
  action: 'Delete a record that is old enough',
  description:
    'Delete the record that Get Expired found, unless somebody changed it since. Put Loki Push between them, so that its last line is kept.',
  run: async (input) => {
    const record = readRecordItem(input.json);
    return orProblem(input, async ({ cluster, json }) =>
      done({ ...json, outcome: await remove(cluster.retention, record) }),
    );
  },
};
