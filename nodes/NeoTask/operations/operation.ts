import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import type { ClaimStore, Neo, TaskPorts } from '../../../app/neo/ports';
import { needsPerson, type NeoTask } from '../../../core/incident/task';
import { now } from '../../shared/clock';
import type { Processed } from '../../shared/itemLoop';
import type { NodeOperation as Shared } from '../../shared/operation';
import { OUTPUTS } from '../outputs';

/** One item's way through an operation. */
export interface OperationInput {
  context: IExecuteFunctions;
  neo: Neo;
  /** Reached only by the operations that need it. */
  claims: () => Promise<ClaimStore>;
  json: IDataObject;
  index: number;
}

export type NodeOperation = Shared<(input: OperationInput) => Promise<Processed | Processed[]>>;

/** The ports of the use cases that need claims. */
export async function portsOf({ neo, claims }: OperationInput): Promise<TaskPorts> {
  return { neo, claims: await claims(), now };
}

/** The item with its task, by the output that the task's state asks for. */
export function byState(json: object, task: NeoTask): Processed {
  return needsPerson(task.state) ? toPerson(withTask(json, task)) : toTask(withTask(json, task));
}

/** Beside what was done about the pod, if anything was. */
export function withTask(json: object, task: NeoTask): object {
  const before: unknown = 'response' in json ? json.response : undefined;
  return { ...json, response: { ...(typeof before === 'object' ? before : {}), task } };
}

export function toTask(json: object): Processed {
  return { output: OUTPUTS.indexOf('task'), json };
}

export function toPerson(json: object): Processed {
  return { output: OUTPUTS.indexOf('person'), json };
}

export function toKnown(json: object): Processed {
  return { output: OUTPUTS.indexOf('known'), json };
}

export function textParameter({ context, index }: OperationInput, name: string): string {
  const value: unknown = context.getNodeParameter(name, index, '');
  return typeof value === 'string' ? value.trim() : '';
}
