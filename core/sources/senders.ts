/**
 * How far a sender's claims are trusted. `kernel`: observed by Falco and delivered over an authenticated hop; may act.
 * `report`: tenants can write its target; may not act.
 */
export const TRUST_CLASSES = ['kernel', 'report'] as const;
export type TrustClass = (typeof TRUST_CLASSES)[number];

/**
 * The senders that post to a trigger, and how far each is trusted, independently of the body: only alerts that the
 * kernel observed may act. Each has its own trigger with its own secret, so that one sender's secret is not valid for
 * another: with Alertmanager's secret, nobody can send an alert that acts.
 */
export const SENDER_TRUST = {
  falcosidekick: 'kernel',
  reports: 'report',
  pagerDuty: 'report',
} as const satisfies Record<string, TrustClass>;

export type Sender = keyof typeof SENDER_TRUST;
export const SENDERS = Object.keys(SENDER_TRUST) as Sender[];
