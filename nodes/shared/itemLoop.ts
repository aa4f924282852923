import { setTimeout as rest } from 'node:timers/promises';

import type { IBinaryKeyData, IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { claimedIncidentId } from '../../core/incident/incident';
import { toNodeError } from './errors';
import { PACE } from './paced';
import { resultFirst } from './resultFirst';
import { givingWay } from './way';

export interface Processed {
  /** Index of the output that the item leaves by. */
  output: number;
  json: object;
  /** Files beside the json. */
  binary?: IBinaryKeyData;
}

interface ItemLoop {
  outputs: number;
  /**
   * The output that a failed item leaves by when the node is set to continue. It must be the safe one: n8n's habit of
   * using the first would send an undecided incident down the branch that deletes pods.
   */
  failureOutput: number;
  process: (json: IDataObject, index: number) => Promise<Processed | Processed[]>;
}

/** The one loop over items: keeps `pairedItem`, and the item's json when it fails and the node is set to continue. */
export async function forEachItem(
  context: IExecuteFunctions,
  { outputs, failureOutput, process }: ItemLoop,
): Promise<INodeExecutionData[][]> {
  const results: INodeExecutionData[][] = Array.from({ length: outputs }, () => []);
  const items = context.getInputData();
  const giveWay = givingWay(items);
  for (const [index, { json }] of items.entries()) {
    const pairedItem = { item: index };
    // Fifty alerts of one report must not keep the loop from one alert that came by itself.
    if (index > 0) await rest(PACE.rest);
    await giveWay();
    try {
      const processed = await process(json, index);
      for (const { output, json: made, binary } of Array.isArray(processed) ? processed : [processed])
        results[output]?.push({ json: resultFirst(made), pairedItem, ...(binary === undefined ? {} : { binary }) });
    } catch (thrown) {
      const error = toNodeError(context.getNode(), thrown, index, claimedIncidentId(json));
      if (!context.continueOnFail()) throw error;
      results[failureOutput]?.push({ json: failedJson(context, json, error), pairedItem });
    }
  }
  return results;
}

/**
 * n8n takes an item for its error output only if json holds nothing but the error, and then adds the input's json to it
 * again; without an error output it changes nothing.
 */
function failedJson(
  context: IExecuteFunctions,
  json: IDataObject,
  { message, description }: { message: string; description: string | null | undefined },
): IDataObject {
  const error = { error: message, details: description ?? '' };
  return context.getNode().onError === 'continueErrorOutput' ? error : { ...json, ...error };
}
