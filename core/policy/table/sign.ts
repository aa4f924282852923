import type { Conditions } from './conditions';

/** What a field of an alert has to match: any one of these fields. */
export type FieldMatch = readonly [fields: readonly string[], pattern: RegExp];

/**
 * What in a text of an alert shows an attack. Code in a pod can write such texts, so that a sign can only make an answer
 * stronger. Its patterns look at bounded stretches: their time grows with the text's length alone.
 */
export interface Sign {
  name: string;
  /** What it means, as the end of a sentence: "The alert's text shows ...". */
  meaning: string;
  /** Every one occurs in one command line. */
  all?: readonly RegExp[];
  /** Does not occur in that command line. */
  unless?: RegExp;
  /** Every one is met. */
  fields?: readonly FieldMatch[];
  raisesTo: 'quarantine_pod' | 'escalate';
  /** Only for these rules. */
  rules?: readonly string[];
  /** For all rules but these. */
  exceptRules?: readonly string[];
  /** Only for pods whose facts meet this. */
  when?: Conditions;
  /** Only in a container that started at least so many seconds before: its start scripts do the same. */
  after?: number;
  /** Pods whose facts meet one of these are raised to a person only: they do so by design, or no NetworkPolicy holds them. */
  personFor?: readonly Conditions[];
  /** Whether it shows nothing in a command that the specification declares: its author did not break in. */
  usualIfDeclared?: true;
  /** Whether it is certain enough to isolate the pod before the analysis, where its namespace opted in. */
  containFirst?: true;
}
