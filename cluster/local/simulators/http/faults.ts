import { z } from 'zod/v4';
import type { Asked, Said } from './answer.js';

/** What is to happen to requests to come, whatever they ask. */
export const plannedFault = z.strictObject({
  /** How many requests it meets. */
  times: z.int().positive().default(1),
  /** Only those of this method, and of paths that contain this text. */
  method: z.string().optional(),
  path: z.string().optional(),
  /** Answered with this status instead of being done. */
  status: z.int().min(200).max(599).optional(),
  /** Seconds; in whichever header the service says it. */
  retryAfter: z.int().nonnegative().optional(),
  headers: z.record(z.string(), z.string()).default({}),
  /** Stands in for the service's own error body. */
  body: z.unknown().optional(),
  /** The connection ends without an answer: before the request is done, or after. */
  drop: z.enum(['before', 'after']).optional(),
  /** The answer waits that long. */
  delayMilliseconds: z.int().nonnegative().default(0),
});

export type PlannedFault = z.infer<typeof plannedFault>;

/** How a service says an error that nobody caused by what they asked. */
export type ErrorForm = (status: number, path: string, retryAfter?: number) => Omit<Said, 'status'>;

/** Faults in the order of planning; the first that fits a request is the one it meets. */
export class Faults {
  private planned: PlannedFault[] = [];

  plan(fault: PlannedFault): void {
    this.planned.push({ ...fault });
  }

  clear(): void {
    this.planned = [];
  }

  /** Takes one use of the fault that is meant for this request. */
  take({ method, path }: Asked): PlannedFault | undefined {
    const fault = this.planned.find(
      (candidate) =>
        (candidate.method === undefined || candidate.method === method) &&
        (candidate.path === undefined || path.includes(candidate.path)),
    );
    if (fault === undefined) return undefined;
    fault.times -= 1;
    if (fault.times === 0) this.planned = this.planned.filter((other) => other !== fault);
    return fault;
  }
}

/** The answer of a fault with a status. */
export function saidBy(fault: PlannedFault, status: number, path: string, form: ErrorForm): Said {
  const { headers, body } = form(status, path, fault.retryAfter);
  return { status, headers: { ...headers, ...fault.headers }, body: fault.body ?? body };
}
