import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { MissedAlerts } from '../../../../app/incidents/missed';
import { missedAlert } from '../../../../core/alert/missedAlert';
import { PipelineError } from '../../../../core/errors';
import type { Alert } from '../../../../core/incident/alert';
import { subjectText } from '../../../../core/incident/subject';
import { now } from '../../../shared/clock';
import { clusterFolding } from '../../../shared/foldings';
import type { Processed } from '../../../shared/itemLoop';
import { confirmReading } from '../../../shared/outputMark';
import { patientCredentials } from '../../../shared/patientCredentials';
import { done, type Operation, type OperationInput, toEscalate } from '../operation';
import { mayStartPortion } from './portions';

const AUTHENTICATED: INodeProperties = {
  displayName: "Only Falco's Output Gets Into the Stream",
  name: 'authenticated',
  type: 'boolean',
  noDataExpression: true,
  default: false,
  description:
    "Whether Loki lets nobody but Falco's log collector write the stream. Only then are missed alerts trusted as Falco's and may act; otherwise they go to a person.",
};

/** One run of the node: the items share what is admitted and where it stopped. */
interface Run {
  missed: MissedAlerts;
  /** Where the next reading begins, if something is left to it: the position of the first such item. */
  left: { from: unknown } | null;
}
const runs = new WeakMap<IExecuteFunctions, Promise<Run>>();

/**
 * Admits the alerts of Falco's output of which no incident has heard, as the trigger would have. The reading counts up to the first
 * item that is left.
 */
export const admitMissed: Operation = {
  name: 'Admit Missed',
  value: 'admitMissed',
  action: 'Admit alerts that never reached n8n',
  description: "Find the events of Falco's output that no incident has heard of, and admit them as late alerts",
  fields: [AUTHENTICATED],
  run: async (input) => {
    const run = await runOf(input);
    const made = await admittedOrProblem(run, input);
    const isLast = input.index === input.context.getInputData().length - 1;
    if (isLast && run.left === null) confirmReading(input.context);
    else if (isLast && typeof run.left?.from === 'string') confirmReading(input.context, run.left.from);
    return made;
  },
};

/** What could not be admitted must not take with it what was admitted before: that still leaves by the first output. */
async function admittedOrProblem(run: Run, input: OperationInput): Promise<Processed[]> {
  const { context, json, index } = input;
  if (run.left !== null) return [];
  const at = now();
  const alert = missedAlert(json.falco, at, context.getNodeParameter('authenticated', index, false) === true);
  if (alert === null) return [];
  try {
    return await admitted(run, alert, at);
  } catch (error) {
    if (!(error instanceof PipelineError)) throw error;
    const about = `${alert.rule}, ${subjectText(alert.subject)}, ${alert.time}`;
    return [toEscalate({ ...json, problem: `${about}: ${error.message}. ${error.nextStep}` })];
  } finally {
    if (run.missed.leavesRest) run.left = { from: json.position };
  }
}

async function admitted({ missed }: Run, alert: Alert, at: Date): Promise<Processed[]> {
  const became = await missed.take(alert, at);
  return typeof became === 'string' ? [] : became.passing.map((passing) => done({ alert: passing }));
}

/** All items of one execution of the node have the same context. */
function runOf({ context, index }: OperationInput): Promise<Run> {
  const known = runs.get(context);
  if (known !== undefined) return known;
  const run = begin(context, index);
  runs.set(context, run);
  return run;
}

async function begin(context: IExecuteFunctions, index: number): Promise<Run> {
  const folding = await clusterFolding(await patientCredentials(context, 'kubernetesResponderApi', index));
  const hasRoom = () => mayStartPortion(context, folding.store, now());
  return { missed: new MissedAlerts(folding, { hasRoom }), left: null };
}
