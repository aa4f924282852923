import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { nearest } from './nearest';
import { type NodeOperation, noSuchOperation, operationProperty } from './operation';

/** An operation of a resource, with the fields that only it and its neighbours need. */
export interface ResourceOperation<Run> extends NodeOperation<Run> {
  fields?: readonly INodeProperties[];
}

/** What a node works on: one entry of its parameter `resource`, with the operations that it offers for it. */
export interface NodeResource<Run> {
  name: string;
  value: string;
  operations: readonly [ResourceOperation<Run>, ...ResourceOperation<Run>[]];
}

/**
 * The parameters `resource` and `operation` and each operation's fields, as n8n's own nodes have them. A field is shown for
 * the operations that list it. The first resource is the default, and of each resource its first operation.
 */
export function resourceProperties<Run>(
  resources: readonly [NodeResource<Run>, ...NodeResource<Run>[]],
): INodeProperties[] {
  return [
    {
      displayName: 'Resource',
      name: 'resource',
      type: 'options',
      noDataExpression: true,
      default: resources[0].value,
      options: resources
        .map(({ name, value }) => ({ name, value }))
        .sort((one, other) => one.name.localeCompare(other.name)),
    },
    ...resources.map(({ value, operations }) => ({
      ...operationProperty(operations, operations[0].value),
      displayOptions: { show: { resource: [value] } },
    })),
    ...resources.flatMap(fieldsOf),
  ];
}

function fieldsOf<Run>({ value: resource, operations }: NodeResource<Run>): INodeProperties[] {
  const fields = new Set(operations.flatMap(({ fields = [] }) => fields));
  return [...fields].map((field) => {
    const users = operations.filter(({ fields = [] }) => fields.includes(field)).map(({ value }) => value);
    const show = { ...field.displayOptions?.show, resource: [resource], operation: users };
    return { ...field, displayOptions: { show } };
  });
}

/** What the operation does that the parameters `resource` and `operation` name. @throws PipelineError `misconfigured` */
export function chosenOfResource<Run>(
  context: IExecuteFunctions,
  index: number,
  resources: readonly NodeResource<Run>[],
): Run {
  const resource: unknown = context.getNodeParameter('resource', index);
  const operation: unknown = context.getNodeParameter('operation', index, '');
  const chosen = resources.find(({ value }) => value === resource)?.operations.find(({ value }) => value === operation);
  if (chosen !== undefined) return chosen.run;
  throw noSuchOperation(
    `there is no operation ${String(operation)} of the resource ${String(resource)}`,
    nearest(String(operation), resources.flatMap(described)),
  );
}

function described<Run>({ name: resource, operations }: NodeResource<Run>) {
  return operations.map(({ name, value, action }) => ({
    name: `${resource}: ${name}`,
    words: `${resource} ${value} ${action}`,
  }));
}
