/** What became of one part's checks. */
export interface Outcome {
  passed: number;
  failed: number;
  /** What failed and why, as the tool says it. */
  output: string;
  /** What was left out, and why. */
  leftOut?: string[];
}

/** A tool and all that it looks at. */
export interface Part {
  name: string;
  run: () => Promise<Outcome>;
}
