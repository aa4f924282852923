import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import type { ChatModel } from '../adapters/model/chatModel.js';
import type { Alert } from '../core/incident/alert.js';
import type { Analysis } from '../core/incident/analysis.js';
import type { TargetContext } from '../core/incident/context.js';
import type { DecisionRecord } from '../core/incident/decision.js';
import { readIncident } from '../core/incident/incident.js';
import { decideItem } from '../nodes/RaceAgent/processItem.js';
import { analyse } from '../nodes/RosesAgent/processItem.js';

/** What the two agents made of an alert. */
export interface Decided {
  analysis: Analysis;
  decision: DecisionRecord;
}

export interface AgentOptions {
  /** Null: the playbook decides. */
  model: ChatModel | null;
  /** How long an agent waits for one reply, seconds. */
  timeoutSeconds: number;
  retries: number;
}

/** The nodes' own defaults. */
export const NODE_DEFAULTS = { timeoutSeconds: 30, retries: 1 } as const;

/** Another item than the first of a run: n8n's workers give way to each other for the first alone. */
const INDEX = 1;

/** ROSES Agent, then RACE Agent: the nodes' own code, on an alert and its context. */
export async function runAgents(
  { alert, context }: { alert: Alert; context: TargetContext },
  options: AgentOptions,
): Promise<Decided> {
  const node = nodeContext(options);
  const analysed = await only(analyse(node, { alert, context } as unknown as IDataObject, INDEX));
  const decided = readIncident({ ...(await decideItem(node, analysed, INDEX)).json });
  const { analysis, decision } = decided;
  if (analysis === undefined || decision === undefined) throw new TypeError('an agent left its key out');
  return { analysis, decision };
}

async function only(items: ReturnType<typeof analyse>): Promise<IDataObject> {
  const [item] = await items;
  if (item === undefined) throw new TypeError('ROSES Agent made no item');
  return item.json as IDataObject;
}

/** The part of n8n that the two nodes use. */
function nodeContext({ model, timeoutSeconds, retries }: AgentOptions): IExecuteFunctions {
  const parameters: Record<string, unknown> = { mode: 'autonomous', timeoutSeconds, retries };
  return {
    getNodeParameter: (name: string) => parameters[name],
    getInputConnectionData: () => Promise.resolve(model),
    addExecutionHints: () => undefined,
  } as unknown as IExecuteFunctions;
}
