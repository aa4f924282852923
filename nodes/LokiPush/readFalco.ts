import type { IExecuteFunctions } from 'n8n-workflow';

import type { LokiAccess } from '../../adapters/loki/push';
import { readPage } from '../../adapters/loki/read';
import { type OutputReading, readOutput } from '../../app/falcoOutput/readOutput';
import { messageWithStep } from '../../core/errors';
import { PRIORITIES } from '../../core/incident/priority';
import { gaugesOfReading } from '../../core/telemetry/counts';
import { now } from '../shared/clock';
import type { Processed } from '../shared/itemLoop';
import { confirmReading, noteReading, outputMark } from '../shared/outputMark';
import { openOutputStore, outputOwner, warn } from '../shared/outputStore';

/** Below it, the node does not speak of being behind: the next run reads on. */
const LONG_MS = 15 * 60_000;

/**
 * Reads Falco's output from Loki, one item for each event, the oldest first. With an event in it, the reading counts only when
 * Admit Missed has dealt with it.
 */
export async function readFalco(context: IExecuteFunctions, access: LokiAccess, index: number): Promise<Processed[]> {
  // The output is the same for every item.
  if (index > 0) return [];
  const selector = context.getNodeParameter('selector', index) as string;
  const lookBackHours = wholeNumber(context, 'lookBackHours', index);
  const before = outputMark(context);
  const reading = await readOutput(
    (from, to) => readPage(access, { selector, from, to }),
    before,
    {
      lookBackHours,
      graceSeconds: wholeNumber(context, 'graceSeconds', index),
      minimumPriority: floor(context, index),
    },
    now(),
  );
  noteReading(context, reading.mark);
  if (reading.events.length === 0) confirmReading(context);
  await gaugeReading(context, index);
  if (reading.lines === 0 && before === null)
    warn(
      context,
      `Loki has no line of ${selector} in the last ${lookBackHours} hours: an alert of Falco's that does not reach n8n cannot be found until Alloy sends Falco's output there (manifests/monitoring/alloy.yaml)`,
    );
  else report(context, reading);
  return reading.events.map((json) => ({ output: 0, json }));
}

/** Keeps how far the output is compared for the next push: with events in it, that is where the run before ended. */
async function gaugeReading(context: IExecuteFunctions, index: number): Promise<void> {
  const done = outputMark(context);
  if (done === null) return;
  try {
    const store = await openOutputStore(context, index);
    await store.count(outputOwner(context), null, gaugesOfReading(done.cursor));
  } catch (error) {
    warn(context, `Read, but the metric of how far was not kept: ${messageWithStep(error)}`);
  }
}

function report(context: IExecuteFunctions, { lines, skipped, behindMs, events }: OutputReading): void {
  context.logger.debug(
    `${context.getNode().name}: read ${lines} lines of Falco's output, skipped ${skipped}, passed on ${events.length}`,
  );
  if (behindMs > LONG_MS)
    warn(context, `Falco's output is read up to ${Math.round(behindMs / 60_000)} minutes ago; the next run reads on`);
}

/** n8n's editor keeps a number within its limits; an expression may not. */
function wholeNumber(context: IExecuteFunctions, name: 'lookBackHours' | 'graceSeconds', index: number): number {
  const value = Math.floor(Number(context.getNodeParameter(name, index)));
  return Number.isFinite(value) ? Math.max(0, value) : 0;
}

function floor(context: IExecuteFunctions, index: number) {
  const chosen: unknown = context.getNodeParameter('minimumPriority', index);
  return PRIORITIES.find((priority) => priority === chosen) ?? 'debug';
}
