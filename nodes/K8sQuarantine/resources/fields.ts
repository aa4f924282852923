import type { INodeProperties } from 'n8n-workflow';

export const REQUIRE_DECISION: INodeProperties = {
  displayName: 'Require a Decision',
  name: 'requireDecision',
  type: 'boolean',
  noDataExpression: true,
  default: true,
  description:
    'Whether to act only on items with a decision of RACE Agent or of a person that permits the operation. Policy is applied either way.',
};

export const DRY_RUN: INodeProperties = {
  displayName: 'Dry Run',
  name: 'dryRun',
  type: 'boolean',
  noDataExpression: true,
  default: false,
  description: 'Whether to have the API server check the change without storing it',
};

export const EVIDENCE_DEADLINE: INodeProperties = {
  displayName: 'Evidence Deadline (Seconds)',
  name: 'evidenceSeconds',
  type: 'number',
  noDataExpression: true,
  typeOptions: { minValue: 0, maxValue: 120 },
  default: 5,
  description:
    'How long reading the manifest, owners, logs, events and node may take. What is late is named and not waited for.',
};

export const IF_REPLACEMENT_READY: INodeProperties = {
  displayName: 'If a Replacement Is Ready',
  name: 'onReplacement',
  type: 'options',
  noDataExpression: true,
  default: 'evict',
  options: [
    {
      name: 'Evict the Pod',
      value: 'evict',
      description: 'Its controller has all its replicas again and would end one of them',
    },
    {
      name: 'Give It Back to Its Controller',
      value: 'readopt',
      description: 'Which then ends one pod of its choice',
    },
  ],
};
