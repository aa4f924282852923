/**
 * How often the playbook's answers of each kind were right among the labelled cases of the tuning split whose pod could be
 * read (npm run eval): the confidence of the next one. tests/eval/confidence.test.ts counts again.
 */
const COUNTED = {
  /** The rule deletes. */
  delete: { right: 3, of: 3 },
  /** The rule isolates, with the pod's facts. Where policy acts on no such pod, a person would have been the right answer. */
  isolateByRule: { right: 29, of: 40 },
  /** A sign in the alert's text, or earlier incidents, isolate. */
  isolateByText: { right: 71, of: 73 },
  /** A MITRE tag isolates: no case has such a rule, so that nothing is known. */
  isolateByTag: { right: 0, of: 0 },
  ask: { right: 96, of: 99 },
  record: { right: 29, of: 29 },
} as const;

export type AnswerKind = keyof typeof COUNTED;

/** How many steps there are from 0 to 1: closer is not known from so few cases. */
const STEPS = 20;

/** The share of right answers by Laplace's rule of succession, which is never certain, in steps of 0.05. */
export function shareOf({ right, of }: { right: number; of: number }): number {
  return Math.round((STEPS * (right + 1)) / (of + 2)) / STEPS;
}

/** How likely an answer of this kind is right. */
export function confidenceIn(kind: AnswerKind): number {
  return shareOf(COUNTED[kind]);
}
