import { listQuarantined } from '../../../../app/quarantines';
import { containmentOf } from '../../../../core/response/containmentGaps';
import { textsOf } from '../../../../core/response/gap';
import { factsOf, gapsOfRecord, stateOf } from '../../../../core/response/record';
import { NAMESPACE_FILTER, textOf } from '../locators';
import { done, type Operation } from '../operation';

/** One item for each pod in quarantine, or one that says there is none. */
export const getAll: Operation = {
  name: 'Get Many',
  value: 'getAll',
  action: 'List quarantined pods',
  description: 'Give an item for each pod in quarantine, and whether it is still as our record says',
  fields: [NAMESPACE_FILTER],
  run: async ({ context, cluster, index }) => {
    const namespace = textOf(context, NAMESPACE_FILTER.name, index);
    const all = await listQuarantined(cluster);
    const found = all.filter(({ record }) => namespace === '' || record.spec.pod.namespace === namespace);
    if (found.length === 0) return done({ quarantined: 0 });
    return found.map(({ record, pod, gaps }) => {
      const { spec } = record;
      const { contained = null, quarantinedAt = spec.requestedAt } = factsOf(record);
      return done({
        quarantine: {
          ...spec.pod,
          state: stateOf(record),
          pod,
          // As it is now, where that can be told; else as it was when the record was last written.
          contained: gaps === null ? contained : containmentOf(gaps),
          gaps: textsOf(gaps ?? gapsOfRecord(record)),
          reason: spec.decision.reason,
          decidedBy: spec.decision.approvedBy ?? spec.decision.by,
          since: quarantinedAt,
          until: spec.until,
          incident: spec.incident,
        },
      });
    });
  },
};
