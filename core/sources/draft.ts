import { firstEntries, LIMITS } from './limits';

/**
 * What a source reads of one alert, in its sender's own texts: not verified, not bounded, not masked. Only
 * core/alert/buildAlerts.ts makes an alert from it; nothing else may show these texts.
 */
export interface Draft {
  /** What identifies the event: the same texts whenever it is sent again, and whichever way. The alert's id is their hash. */
  event: readonly string[];
  /** `firing`, unless the source says otherwise. */
  status?: 'firing' | 'resolved';
  rule: string;
  /** In Falco's words; any other text is an unknown priority. */
  priority: string;
  /** If it is missing or invalid, the time of receipt counts. */
  time: string | null | undefined;
  /** The pod, or why the alert names none. */
  target: ClaimedTarget | NoTarget;
  /** By default the target's pod, else the source itself. */
  subject?: NamedSubject | null;
  tags?: readonly string[];
  /** The fields that say where the workload's code is (`infrastructureOf`). */
  infrastructure?: Readonly<Record<string, string>>;
  fields: readonly DraftField[];
  output: string;
  /** What alerts with the same fingerprint have in common besides their pod; by default the rule. */
  grouping?: string;
  /** Whether it is a self-test. */
  synthetic?: boolean;
  /** Falco's fields, in which its finding is recognised when it also comes another way. */
  facts?: Readonly<Record<string, unknown>>;
}

/** A pod as a source names it. */
export interface ClaimedTarget {
  namespace: string | null;
  pod: string | null;
  podUid: string | null;
  container: string | null;
  image: string | null;
  /** Whether the pod's name alone is not enough, because such a pod may never have been created. */
  needsUid?: boolean;
}

export interface NoTarget {
  problem: string;
}

/** What an alert is about, as a source names it. */
export interface NamedSubject {
  kind: string;
  namespace: string | null;
  name: string;
}

/** A field as its source wrote it. If the sender chose its name, the name gets a prefix of ours. */
export interface DraftField {
  prefix?: string;
  name: string;
  value: unknown;
}

/** The value of a field with a program's arguments: an option's meaning depends on the program, which another field names. */
export class ProgramArguments {
  constructor(
    readonly program: string,
    readonly text: string,
  ) {}
}

/** The first entries of a record whose keys the sender chose, and one more so that an overflow is detected. */
function kept(fields: Readonly<Record<string, unknown>>): [name: string, value: unknown][] {
  return firstEntries(fields, LIMITS.fields + 1);
}

/** Fields with names of our own. */
export function ownFields(fields: Readonly<Record<string, unknown>>): DraftField[] {
  return kept(fields).map(([name, value]) => ({ name, value }));
}

/** Fields that the sender named, under a prefix, so that none replaces one of ours. */
export function prefixed(prefix: string, fields: Readonly<Record<string, unknown>>): DraftField[] {
  return kept(fields).map(([name, value]) => ({ prefix, name, value }));
}
