/** How a process that runs and answers is disturbed, until that is ended. */
export interface Disturbance {
  begin: (process: string) => Promise<void>;
  end: (process: string) => Promise<void>;
  /** How long it lasts, milliseconds. */
  holdMs: number;
}
