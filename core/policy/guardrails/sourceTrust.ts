import { acts } from '../strength';
import { escalate, type Guardrail } from './guardrail';

/** A tenant can write a report's target; only alerts that the kernel observed may act. */
export const sourceTrust: Guardrail = {
  name: 'source_trust',
  liftedByApproval: true,
  check: ({ decision, alert }) =>
    acts(decision) && alert.trust !== 'kernel'
      ? escalate(
          alert.late?.why === 'missed'
            ? 'the alert never reached n8n and was found in Loki, whose writers are not authenticated'
            : 'the alert came as a report, whose target anyone may have written',
        )
      : null,
};
