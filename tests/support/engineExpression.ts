import { type IDataObject, type IExecuteFunctions, type INodeType, NodeConnectionTypes } from 'n8n-workflow';

import { runNode } from './engine';

/** Gives the value of its only parameter for the first item. */
const valueNode: INodeType = {
  description: {
    displayName: 'Value',
    name: 'value',
    group: ['transform'],
    version: 1,
    description: '',
    defaults: {},
    inputs: [NodeConnectionTypes.Main],
    outputs: [NodeConnectionTypes.Main],
    properties: [{ displayName: 'Value', name: 'value', type: 'string', default: '' }],
  },
  execute(this: IExecuteFunctions) {
    return Promise.resolve([[{ json: { value: this.getNodeParameter('value', 0) } }]]);
  },
};

/** The value of an expression in n8n's real engine, of which 127.0.0.1 is the address. */
export async function evaluateInEngine(expression: unknown, items: IDataObject[]): Promise<unknown> {
  const { outputs, error } = await runNode({ node: valueNode, items, parameters: { value: expression as string } });
  if (error !== undefined) throw error;
  return outputs[0]?.[0]?.json.value;
}
