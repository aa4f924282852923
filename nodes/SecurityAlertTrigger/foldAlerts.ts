import { setImmediate as othersFirst } from 'node:timers/promises';

import type { IWebhookFunctions } from 'n8n-workflow';

import type { Admission, Arrival } from '../../app/incidents/admission';
import { admit } from '../../app/incidents/admit';
import { markLost } from '../../app/incidents/markLost';
import { PipelineError } from '../../core/errors';
import type { Alert } from '../../core/incident/alert';
import { now } from '../shared/clock';
import type { Folding } from '../shared/foldings';
import { openFolding } from './folding';

/** What the alerts of one body become. */
export interface Folded {
  /** Those that start the workflow. */
  passing: Alert[];
  /** The ids of the incidents that they belong to, in the body's order. */
  incidents: string[];
  /** How many of them were repeats, which are only counted. */
  repeated: number;
  /** Whether other bodies that differ only in what a process did would become the same. */
  isAlike: boolean;
  /** Whether all of it was answered before, here or in another process. */
  isDuplicate: boolean;
  /** To be called if n8n does not store the execution: what comes next is then no repeat. Does not throw. */
  lost: () => Promise<void>;
}

/**
 * Finds the incident of each alert and counts repeats. Where incidents cannot be kept, nothing is folded and every alert
 * starts the workflow: more than was bounded, but nothing is lost, and a person is told.
 * @param others how many requests like this one the gate answered before it
 * @param delivery what the attempts of this delivery have in common, of a sender that repeats them
 */
export async function foldAlerts(
  context: IWebhookFunctions,
  alerts: readonly Alert[],
  others: number,
  delivery?: readonly string[],
): Promise<Folded> {
  const folding = await unlessProblem(context, () => openFolding(context));
  const folded: Folded = {
    passing: [],
    incidents: [],
    repeated: 0,
    isAlike: folding !== null,
    isDuplicate: delivery !== undefined && alerts.length > 0,
    lost: async () => {
      if (folding === null) return;
      for (const alert of folded.passing) await unlessProblem(context, () => markLost(folding.store, alert, delivery));
    },
  };
  for (const [index, alert] of alerts.entries()) {
    // A repeat is found in memory: without a rest, a body of them would hold the event loop.
    if (index > 0) await othersFirst();
    const admission = await admitted(context, folding, { alert, others, ...(delivery && { delivery }) });
    const { incident, passing, isAlike, duplicate }: Admission = admission ?? {
      incident: alert.id,
      passing: [alert],
      isAlike: false,
    };
    folded.isAlike &&= isAlike;
    folded.incidents.push(incident);
    folded.passing.push(...passing);
    folded.isDuplicate &&= duplicate !== undefined;
    if (duplicate === undefined ? passing.length === 0 : duplicate.repeated === true) folded.repeated += 1;
  }
  return folded;
}

/** A sender waits a few seconds for its answer and may send once only; after a failure nobody waits for a while. */
const PATIENCE = { answerMs: 2_000, restMs: 5_000 } as const;

async function admitted(context: IWebhookFunctions, folding: Folding | null, arrival: Arrival) {
  if (folding === null || performance.now() < folding.restsUntil) return null;
  return unlessProblem(
    context,
    () => inTime(admit(folding, arrival, now()), arrival.alert.id),
    (problem) => {
      // Lost races are about one incident.
      if (problem.code === 'conflict') return;
      folding.restsUntil = performance.now() + PATIENCE.restMs;
      void folding.tell(problem);
    },
  );
}

/** What comes too late still has its effect: the incident is then known to the next event. */
async function inTime<T>(work: Promise<T>, incidentId: string): Promise<T> {
  let limit: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    limit = setTimeout(() => {
      reject(
        new PipelineError('unreachable', `the incident was not found within ${PATIENCE.answerMs} ms`, {
          nextStep: 'Look at the API server or the database that keeps incidents, and at the connection of n8n to it.',
          incidentId,
        }),
      );
    }, PATIENCE.answerMs);
  });
  // If it is late, nobody listens to how it ends.
  work.catch(() => undefined);
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(limit);
  }
}

/** Null, and the reason in n8n's log, where incidents cannot be kept. */
async function unlessProblem<T>(
  context: IWebhookFunctions,
  run: () => Promise<T>,
  tell: (problem: PipelineError) => void = () => undefined,
): Promise<T | null> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof PipelineError)) throw error;
    const { message, nextStep } = error;
    context.logger.error(`${context.getNode().name}: repeated alerts are not folded: ${message}. ${nextStep}`);
    tell(error);
    return null;
  }
}
