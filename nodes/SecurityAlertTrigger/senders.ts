import type { INodeCredentialDescription } from 'n8n-workflow';

import { formatsOf } from '../../core/alert/normalise';
import { SECRET_HEADER } from '../../core/names';
import { type Sender, SENDERS } from '../../core/sources/senders';

/** The value of *Alerts From* until a person chooses: the trigger then starts for nobody. */
export const NOT_CHOSEN = '';

interface SenderFacts {
  /** In the list of *Alerts From*. */
  name: string;
  /** There too: how far its alerts are trusted, and what they do. */
  description: string;
  /** How a person points the sender at the trigger, as HTML. */
  setup: string;
  /**
   * What it proves itself with: a credential type of its own, so that n8n offers no secret of another sender, and so
   * that a trigger with the wrong one is noticed.
   */
  credential: {
    /** Name of the credential type. */
    type: string;
    /** Its label in the node. */
    label: string;
  };
  /** Whether each request has the secret in a header, or a signature of the body by it. */
  proof: 'secret' | 'signature';
  /** Whether it sends a delivery again that was not answered in time, with the same bytes. */
  retries: boolean;
}

/** Everything that n8n shows of each sender, and how the trigger treats its requests. */
export const SENDER_FACTS: Readonly<Record<Sender, SenderFacts>> = {
  falcosidekick: {
    name: 'Falcosidekick',
    description: 'What Falco saw. These alerts may act, where policy lets them.',
    setup: `In Falcosidekick, set <code>webhook.address</code> to this node's URL and <code>webhook.customHeaders</code> to <code>${SECRET_HEADER}</code> with the secret of the credential.`,
    credential: { type: 'securityAlertSecretApi', label: 'Falcosidekick Secret' },
    proof: 'secret',
    retries: false,
  },
  reports: {
    name: `Reports (${formatsOf('reports').toSorted().join(', ')})`,
    description: 'Alerts whose target a tenant may have written. They tell a person and act only by approval.',
    setup: `Have the sender post to this node's URL with the header <code>${SECRET_HEADER}</code> and the secret of the credential <b>Report Secret</b>. Use another secret than Falcosidekick's: these alerts are reported to a person and do not act.`,
    credential: { type: 'securityReportSecretApi', label: 'Report Secret' },
    proof: 'secret',
    retries: false,
  },
  pagerDuty: {
    name: 'PagerDuty',
    description: 'V3 webhooks, checked by their signature. They tell a person and act only by approval.',
    setup:
      "In PagerDuty, add a Generic Webhook (v3) with this node's URL for <code>incident.triggered</code>, <code>incident.reopened</code> and <code>incident.resolved</code>, and put its signing secret into the credential.",
    credential: { type: 'pagerDutyWebhookApi', label: 'PagerDuty Signing Secret' },
    proof: 'signature',
    retries: true,
  },
};

/**
 * How a sender's credential is shown: hidden from all other senders. It must not be *shown* for its own sender instead:
 * n8n's editor takes an option that shows required credentials for the node's authentication, hides it from people, and
 * sets it from whatever credential is selected (docs/adr/0013).
 */
export function senderCredential(
  sender: Sender,
): Pick<INodeCredentialDescription, 'displayName' | 'required' | 'displayOptions'> {
  return {
    displayName: SENDER_FACTS[sender].credential.label,
    required: true,
    displayOptions: { hide: { sender: [NOT_CHOSEN, ...SENDERS.filter((other) => other !== sender)] } },
  };
}
