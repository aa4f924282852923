import type { Alert, TrustClass } from '../../incident/alert';
import type { Draft } from '../draft';

/**
 * The senders that post to a trigger. Each has its own trigger with its own secret, so that one sender's secret is not
 * valid for another: with Alertmanager's secret, nobody can send an alert that acts.
 */
export const SENDERS = ['falcosidekick', 'reports', 'pagerDuty'] as const;
export type Sender = (typeof SENDERS)[number];

/** Fixed per sender, independent of the body: only alerts that the kernel observed may act. */
export const TRUST: Readonly<Record<Sender, TrustClass>> = {
  falcosidekick: 'kernel',
  reports: 'report',
  pagerDuty: 'report',
};

/** A valid payload that contains no alert. */
interface NoAlert {
  alerts: [];
  skipped: string;
}

/** The content of a payload: alerts, or the reason why a valid payload contains none. */
export type Reading =
  | {
      alerts: [Alert, ...Alert[]];
      skipped: null;
      /** Alerts of the body that were counted but not read. */
      leftOut: number;
    }
  | NoAlert;

/** The same with raw texts. Drafts are created lazily, one at a time. */
export type DraftReading = { drafts: Iterable<Draft>; count: number; leftOut: number; skipped: null } | NoAlert;

/** A payload with exactly one alert. */
export function oneDraft(draft: Draft): DraftReading {
  return { drafts: [draft], count: 1, leftOut: 0, skipped: null };
}

/** A valid payload that contains no alert. */
export function skipped(reason: string): NoAlert {
  return { alerts: [], skipped: reason };
}

/** A payload format: how to recognise it, even if malformed, and how to read it. */
export interface Source {
  name: string;
  sender: Sender;
  recognises: (body: Readonly<Record<string, unknown>>) => boolean;
  /**
   * Throws zod's error, or a PipelineError with the next step, for a malformed body. Reads only a bounded part of the
   * body, regardless of its size, and masks nothing.
   */
  read: (body: Readonly<Record<string, unknown>>, receivedAt: string, trust: TrustClass) => DraftReading;
}
