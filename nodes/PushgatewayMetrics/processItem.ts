import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { type PushgatewayAccess, pushGroup } from '../../adapters/pushgateway/push';
import { patiently } from '../../app/outputs/patiently';
import { type CountsOutput, showCounts } from '../../app/outputs/showCounts';
import { passId, readIncident } from '../../core/incident/incident';
import { readBacklog } from '../../core/telemetry/backlog';
import { countedAt, countsOf, countsOfEnded, countsOfFailure, gaugesOfBacklog } from '../../core/telemetry/counts';
import { endedPass, readEnded } from '../../core/telemetry/ended';
import { failurePass, readFailure } from '../../core/telemetry/failure';
import { measure } from '../../core/telemetry/measure';
import type { Sample } from '../../core/telemetry/samples';
import { now } from '../shared/clock';
import type { Processed } from '../shared/itemLoop';
import { openOutputStore, outputOwner, warn } from '../shared/outputStore';
import { patientCredentials } from '../shared/patientCredentials';

/**
 * Counts one incident, one failed execution, the incidents that ended, or what is not decided yet, and shows the counts in Pushgateway; or shows them again. The
 * item passes through unchanged, also if Pushgateway does not answer: what was counted is kept.
 */
export async function pushMetrics(context: IExecuteFunctions, json: IDataObject, index: number): Promise<Processed> {
  const {
    url,
    username = '',
    password = '',
  } = await patientCredentials<Partial<PushgatewayAccess> & { url: string }>(context, 'pushgatewayApi', index);
  const chosen = context.getNodeParameter('instance', index);
  const instance = typeof chosen === 'string' && chosen !== '' ? chosen : outputOwner(context);
  const again = context.getNodeParameter('operation', index, 'count') === 'showAgain';
  const counts = again ? null : read(json, context.getExecutionId(), now());
  const store = await openOutputStore(context, index);
  if (counts !== null) await patiently(() => store.count(instance, counts.pass, counts.samples));
  // What Loki Push counts of its lines is about the n8n, whatever the instance.
  for (const each of new Set([instance, outputOwner(context)])) {
    const output: CountsOutput = {
      instance: each,
      destination: context.getNode().credentials?.pushgatewayApi?.id ?? '',
      show: (name, text) => pushGroup({ url, username, password }, { instance: each, store: name }, text),
    };
    const problem = await showCounts(store, output, again);
    if (problem !== null) warn(context, `Counted, and shown later: ${problem}`);
  }
  return { output: 0, json };
}

/** What an item adds, and the pass under which it is added once, however often n8n runs the execution. */
function read(json: IDataObject, execution: string, at: Date): { pass: string | null; samples: Sample[] } {
  // It counts nothing that happened: the pipeline may be silent nevertheless.
  const backlog = readBacklog(json);
  if (backlog !== null) return { pass: null, samples: gaugesOfBacklog(backlog) };
  const { pass, samples } = readCounts(json, execution);
  return { pass, samples: [...samples, ...countedAt(at)] };
}

function readCounts(json: IDataObject, execution: string): { pass: string | null; samples: Sample[] } {
  const ended = readEnded(json);
  if (ended !== null) return { pass: endedPass(ended, execution), samples: countsOfEnded(ended) };
  const failure = readFailure(json);
  if (failure !== null) return { pass: failurePass(failure), samples: countsOfFailure() };
  const incident = readIncident(json);
  return { pass: passId(incident), samples: countsOf(measure(incident)) };
}
