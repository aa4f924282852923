import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { PipelineError } from '../../core/errors';
import { nearest } from './nearest';

/** An operation of a node: what n8n shows of it, and what it does. */
export interface NodeOperation<Run> {
  /** In title case. */
  name: string;
  /** Of the node's parameter `operation`; workflows name it. */
  value: string;
  /** In the panel that adds nodes. */
  action: string;
  description: string;
  run: Run;
}

/** The node's parameter `operation`: these operations in alphabetical order, as n8n shows its own. */
export function operationProperty(operations: readonly NodeOperation<unknown>[], byDefault: string): INodeProperties {
  return {
    displayName: 'Operation',
    name: 'operation',
    type: 'options',
    noDataExpression: true,
    default: byDefault,
    options: operations
      .map(({ name, value, action, description }) => ({ name, value, action, description }))
      .sort((one, other) => one.name.localeCompare(other.name)),
  };
}

/** What the operation does that the node's parameter `operation` names. @throws PipelineError `misconfigured` */
export function chosenOperation<Run>(
  context: IExecuteFunctions,
  index: number,
  operations: readonly NodeOperation<Run>[],
): Run {
  const operation: unknown = context.getNodeParameter('operation', index);
  const chosen = operations.find(({ value }) => value === operation);
  if (chosen !== undefined) return chosen.run;
  throw noSuchOperation(
    `there is no operation ${String(operation)}`,
    nearest(
      String(operation),
      operations.map(({ name, value, action }) => ({ name, words: `${value} ${action}` })),
    ),
  );
}

/** For a workflow that names an operation of another version of the node. */
export function noSuchOperation(problem: string, nearestName: string | null): PipelineError {
  return new PipelineError('misconfigured', problem, {
    nextStep:
      nearestName === null
        ? 'Choose an operation from the list.'
        : `Choose "${nearestName}", the nearest by name, or another operation from the list.`,
  });
}
