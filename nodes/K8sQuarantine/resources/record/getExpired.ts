import { findExpired, PRUNED_AT_ONCE } from '../../../../app/retention/findExpired';
import { now } from '../../../shared/clock';
import { escapeHtml } from '../../../../core/text/html';
import { done, type Operation, toEscalate } from '../operation';

/** One item for each record that is old enough to be pruned. What the API server did not answer leaves by *escalate*. */
export const getExpired: Operation = {
  name: 'Get Expired',
  value: 'getExpired',
  action: 'Find records that are old enough to be pruned',
  description:
    'Give an item for each Incident, Approval, Quarantine and NeoTask that is final, unchanged for retentionDays, and needed by nothing that is open; deletes nothing',
  run: async ({ context, cluster }) => {
    const { records, more, problems } = await findExpired(cluster.retention, now());
    const rest = more.length === 0 ? 'No more' : `${PRUNED_AT_ONCE} of each kind at once; more of ${more.join(', ')}`;
    const message = escapeHtml(`Records to prune: ${records.length}. ${rest} for the next run.`);
    context.addExecutionHints({ message, type: 'info', location: 'outputPane' });
    const found = records.map((record) => done({ record, more: more.includes(record.kind) }));
    return problems.length === 0 ? found : [...found, toEscalate({ problem: problems.join('; ') })];
  },
};
