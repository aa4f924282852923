import { listQuarantined } from '../../../../adapters/kubernetes/review';
import { containmentOf } from '../../../../core/response/containmentGaps';
import { NAMESPACE_FILTER, textOf } from '../locators';
import { done, type Operation } from '../operation';

/** One item for each pod in quarantine, or one that says there is none. */
export const getAll: Operation = {
  name: 'Get Many',
  value: 'getAll',
  action: 'List quarantined pods',
  description: 'Give an item for each pod in quarantine, and whether it is still as our record says',
  fields: [NAMESPACE_FILTER],
  run: async ({ context, client, index }) => {
    const namespace = textOf(context, NAMESPACE_FILTER.name, index);
    const all = await listQuarantined(client);
    const found = all.filter(({ record }) => namespace === '' || record.spec.pod.namespace === namespace);
    if (found.length === 0) return done({ quarantined: 0 });
    return found.map(({ record: { spec, status }, pod, gaps }) =>
      done({
        quarantine: {
          ...spec.pod,
          state: status.state ?? 'Isolating',
          pod,
          // As it is now, where that can be told; else as it was when the record was last written.
          contained: gaps === null ? (status.contained ?? null) : containmentOf(gaps),
          openings: gaps ?? status.reasons ?? [],
          reason: spec.decision.reason,
          decidedBy: spec.decision.approvedBy ?? spec.decision.by,
          since: status.quarantinedAt ?? spec.requestedAt,
          until: spec.until,
          incident: spec.incident,
        },
      }),
    );
  },
};
