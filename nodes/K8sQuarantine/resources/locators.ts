import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import type { ReadSubject } from '../../../app/ports';
import { parseTarget } from '../../../core/alert/target';
import { PipelineError } from '../../../core/errors';
import { readIncident } from '../../../core/incident/incident';
import type { OperationInput } from './operation';
import type { SearchMethod } from '../listSearch';

/** A field that names an object: chosen from a list that n8n asks the cluster for, or given by name. */
function locator(what: {
  displayName: string;
  name: string;
  search: SearchMethod;
  value?: string;
  required?: boolean;
  description: string;
}): INodeProperties {
  const { displayName, name, search, value = '', required = true, description } = what;
  return {
    displayName,
    name,
    type: 'resourceLocator',
    required,
    default: { mode: value === '' ? 'list' : 'name', value },
    modes: [
      {
        displayName: 'From List',
        name: 'list',
        type: 'list',
        typeOptions: { searchListMethod: search, searchable: true },
      },
      { displayName: 'By Name', name: 'name', type: 'string' },
    ],
    description,
  };
}

export const APPROVAL = locator({
  displayName: 'Approval',
  name: 'approval',
  search: 'searchApprovals',
  // An item of Get Many, or what a person chose of them.
  value: '={{ $json.approval.name ?? $json.approval }}',
  description: 'As Get Many gives it',
});

export const INCIDENT = locator({
  displayName: 'Incident',
  name: 'incident',
  search: 'searchIncidents',
  // An item of Get, or a name.
  value: '={{ $json.incident.name ?? $json.incident }}',
  description: 'Name of the Incident object, as kubectl get incidents -n n8n shows it',
});

export const NAMESPACE_FILTER = locator({
  displayName: 'Namespace',
  name: 'namespace',
  search: 'searchNamespaces',
  required: false,
  description: 'Give only those of this namespace; empty for all',
});

/** Only operations that read offer it: what acts takes its pod from the alert and from nowhere else. */
export const POD_FROM: INodeProperties = {
  displayName: 'Pod From',
  name: 'podFrom',
  type: 'options',
  noDataExpression: true,
  default: 'alert',
  options: [
    { name: 'Alert', value: 'alert', description: 'The pod that the alert is about' },
    { name: 'Choice', value: 'choice', description: 'A pod that you choose, for items without an alert' },
  ],
};

const ofChoice = (field: INodeProperties): INodeProperties => ({
  ...field,
  displayOptions: { show: { podFrom: ['choice'] } },
});

export const NAMESPACE = ofChoice(
  locator({
    displayName: 'Namespace',
    name: 'namespace',
    search: 'searchNamespaces',
    description: 'The list has the namespaces that opted in',
  }),
);

export const POD = ofChoice(
  locator({ displayName: 'Pod', name: 'pod', search: 'searchPods', description: 'A pod of that namespace' }),
);

/** @throws PipelineError `bad_item` for a chosen pod beside an alert, whose pod the context would be taken for */
export function podOf({ context, json, index }: OperationInput): ReadSubject {
  if (context.getNodeParameter(POD_FROM.name, index, 'alert') !== 'choice') {
    const { alert } = readIncident(json);
    return { id: alert.id, target: alert.target, targetProblem: alert.targetProblem, alert };
  }
  if ('alert' in json)
    throw new PipelineError('bad_item', 'the item has an alert, and another pod was chosen', {
      nextStep: 'Set "Pod From" to Alert, or give the node items without the key alert.',
    });
  const [namespace, pod] = [textOf(context, NAMESPACE.name, index), textOf(context, POD.name, index)];
  const { target, problem } = parseTarget({ namespace, pod, podUid: null, container: null, image: null }, 'report');
  return { id: '', target, targetProblem: problem };
}

/** A parameter's text; an expression may give anything, and what is no text is empty. */
export function textOf(context: IExecuteFunctions, name: string, index: number): string {
  const value: unknown = context.getNodeParameter(name, index, '', { extractValue: true });
  return typeof value === 'string' ? value.trim() : '';
}
