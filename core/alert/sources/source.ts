import type { Alert, TrustClass } from '../alert';

/**
 * Who posts to a trigger. Each has a trigger of its own, with a secret of its own, so that the secret of one says nothing
 * for another: Alertmanager's cannot raise an alert that acts.
 */
export const SENDERS = ['falcosidekick', 'reports', 'pagerDuty'] as const;
export type Sender = (typeof SENDERS)[number];

/** Whatever a body says: only what the kernel saw may act. */
export const TRUST: Readonly<Record<Sender, TrustClass>> = {
  falcosidekick: 'kernel',
  reports: 'report',
  pagerDuty: 'report',
};

/** What a payload holds: alerts, or the reason why it holds none although nothing is wrong with it. */
export type Reading = { alerts: [Alert, ...Alert[]]; passedOver: null } | { alerts: []; passedOver: string };

/** A payload with which nothing is wrong and that holds no alert. */
export function passedOver(reason: string): Reading {
  return { alerts: [], passedOver: reason };
}

/** A form of payload: how to recognise it, well-formed or not, and how to read it. */
export interface Source {
  name: string;
  sender: Sender;
  recognises: (body: Readonly<Record<string, unknown>>) => boolean;
  /** Throws zod's error, or a PipelineError with the next step, for what is malformed. */
  read: (body: object, receivedAt: string, trust: TrustClass) => Reading;
}
