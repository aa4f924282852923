import { type Sender, SENDERS } from '../../core/sources/senders';

/** The value of *Alerts From* until a person chooses: the trigger then starts for nobody. */
export const NOT_CHOSEN = '';

interface SenderCredential {
  /** Name of the credential type. */
  type: string;
  /** Its label in the node. */
  label: string;
}

/**
 * What each sender proves itself with: a credential type of its own, so that n8n offers no secret of another sender, and
 * so that a trigger with the wrong one is noticed.
 */
export const SENDER_CREDENTIALS: Readonly<Record<Sender, SenderCredential>> = {
  falcosidekick: { type: 'securityAlertSecretApi', label: 'Falcosidekick Secret' },
  reports: { type: 'securityReportSecretApi', label: 'Report Secret' },
  pagerDuty: { type: 'pagerDutyWebhookApi', label: 'PagerDuty Signing Secret' },
};

/**
 * Hides a sender's credential from all others. It must not be *shown* for its own sender instead: n8n's editor takes an
 * option that shows required credentials for the node's authentication, hides it from people, and sets it from whatever
 * credential is selected (docs/adr/0013).
 */
export function hiddenFromAllBut(sender: Sender) {
  return { hide: { sender: [NOT_CHOSEN, ...SENDERS.filter((other) => other !== sender)] } };
}
