import type { Draft } from './draft';
import type { Sender } from './senders';

/** A body of a sender, as its JSON was read. */
export type Body = Readonly<Record<string, unknown>>;

/**
 * Everything about one source of alerts. An alert's trust, its id's form, its verified target, masking and limits are
 * not a source's business: core/alert/buildAlerts.ts adds them for all.
 */
export interface Source {
  /** The alert's `source`. */
  id: string;
  /** What people call the detector; also the subject of an alert that names nothing. */
  label: string;
  /** What people call one of its alerts. */
  noun: string;
  /** What posts its alerts, as error messages name it. */
  format: string;
  /** Whose trigger and secret its alerts come with, which determines how far they are trusted. */
  sender: Sender;
  /**
   * Values of a body that differ from event to event and decide nothing about its incident, by path: `output_fields/proc.*`
   * (gate/repeats/permit.ts). What is not named here makes an event another one. Without the list, all of a body counts.
   */
  differ?: readonly string[];
  /** Whether a body has this format, even if it is malformed. */
  recognises: (body: Body) => boolean;
  /**
   * Throws zod's error, or a PipelineError with the next step, for a malformed body. Reads only a bounded part of the
   * body, regardless of its size.
   */
  read: (body: Body) => DraftReading;
}

/** A valid payload that contains no alert. */
export interface NoAlert {
  alerts: [];
  skipped: string;
}

/** The content of a payload: drafts, or the reason why a valid payload contains no alert. */
export type DraftReading =
  | {
      /** Created lazily, one at a time. */
      drafts: Iterable<Draft>;
      count: number;
      /** Alerts of the body that were counted but not read. */
      leftOut: number;
      skipped: null;
    }
  | NoAlert;

/** A payload with exactly one alert. */
export function oneDraft(draft: Draft): DraftReading {
  return { drafts: [draft], count: 1, leftOut: 0, skipped: null };
}

/** A valid payload that contains no alert. */
export function skipped(reason: string): NoAlert {
  return { alerts: [], skipped: reason };
}
