import type { Alert, TrustClass } from '../../incident/alert';
import type { Draft } from '../draft';

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

/** A payload with which nothing is wrong and that holds no alert. */
export interface NoAlert {
  alerts: [];
  skipped: string;
}

/** What a payload holds: alerts, or the reason why it holds none although nothing is wrong with it. */
export type Reading =
  | {
      alerts: [Alert, ...Alert[]];
      skipped: null;
      /** Alerts of the body that were counted and not read. */
      leftOut: number;
    }
  | NoAlert;

/** The same with the texts as they came. A draft is made when it is asked for, so that one is made at a time. */
export type DraftReading = { drafts: Iterable<Draft>; count: number; leftOut: number; skipped: null } | NoAlert;

/** A payload that is one alert. */
export function oneDraft(draft: Draft): DraftReading {
  return { drafts: [draft], count: 1, leftOut: 0, skipped: null };
}

/** A payload with which nothing is wrong and that holds no alert. */
export function skipped(reason: string): NoAlert {
  return { alerts: [], skipped: reason };
}

/** A form of payload: how to recognise it, well-formed or not, and how to read it. */
export interface Source {
  name: string;
  sender: Sender;
  recognises: (body: Readonly<Record<string, unknown>>) => boolean;
  /**
   * Throws zod's error, or a PipelineError with the next step, for what is malformed. However large the body is, it
   * looks at a bounded part of it and masks nothing.
   */
  read: (body: Readonly<Record<string, unknown>>, receivedAt: string, trust: TrustClass) => DraftReading;
}
