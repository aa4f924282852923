import type { INodeProperties } from 'n8n-workflow';

import { INFRASTRUCTURE } from '../../core/remediation/infrastructure';
import { DEFAULT_DIRECTORY, type Updater } from '../../core/remediation/prompt';
import type { ApprovalMode, PermissionMode } from '../../core/remediation/taskRequest';

const displayOptions = { show: { operation: ['create'] } };

const ABOUT: Readonly<Record<(typeof INFRASTRUCTURE)[number], { name: string; description: string }>> = {
  git_repo: { name: 'Repository', description: 'As https://github.com/org/name' },
  pulumi_org: {
    name: 'Pulumi Organization',
    description: "Organization that owns the stack. Neo always runs in the credential's organization.",
  },
  pulumi_project: { name: 'Pulumi Project', description: 'Name of the project' },
  pulumi_stack: { name: 'Pulumi Stack', description: 'Name of the stack, or org/project/stack' },
  esc_environment: { name: 'ESC Environment', description: "Where the stack's configuration comes from" },
  cluster_name: { name: 'Cluster', description: 'Name of the cluster' },
  cluster_provider: { name: "Cluster's Provider", description: 'Such as digitalocean' },
};

export const CREATE_PROPERTIES: INodeProperties[] = [
  {
    displayName: 'Where the Code Lives',
    name: 'infrastructure',
    type: 'collection',
    placeholder: 'Add Field',
    default: {},
    displayOptions,
    description: 'For alerts that do not say it in their custom fields',
    options: INFRASTRUCTURE.map((name) => ({
      displayName: ABOUT[name].name,
      name,
      type: 'string' as const,
      default: '',
      description: ABOUT[name].description,
    })),
  },
  {
    displayName: 'Repositories an Alert May Name',
    name: 'repositories',
    type: 'string',
    default: '',
    placeholder: 'github.com/acme/*, github.com/acme-labs/shop',
    displayOptions,
    description:
      "Separated by commas. An alert's custom fields can be written by others, and must not lead Neo elsewhere. The repository above is always one of them.",
  },
  {
    displayName: 'Stacks an Alert May Name',
    name: 'stacks',
    type: 'string',
    default: '',
    placeholder: 'shop/production, platform/*',
    displayOptions,
    description:
      "As project/stack of the credential's organization, separated by commas. The stack above is always one of them.",
  },
  {
    displayName: 'ESC Environments an Alert May Name',
    name: 'environments',
    type: 'string',
    default: '',
    placeholder: 'workshops/security, shop/*',
    displayOptions,
    description: 'As project/environment, separated by commas. The environment above is always one of them.',
  },
  {
    displayName: 'Folder of the Pulumi Program',
    name: 'directory',
    type: 'string',
    default: DEFAULT_DIRECTORY,
    displayOptions,
    description: 'Within the repository; empty for all of it',
  },
  {
    displayName: 'Approval Mode',
    name: 'approvalMode',
    type: 'options',
    noDataExpression: true,
    default: 'manual',
    displayOptions,
    options: [
      { name: 'Auto', value: 'auto', description: 'Neo asks nobody' },
      { name: 'Balanced', value: 'balanced', description: 'Neo asks before it changes infrastructure' },
      { name: 'Manual', value: 'manual', description: 'Neo asks before each preview, change and pull request' },
    ] satisfies { name: string; value: ApprovalMode; description: string }[],
    description: "Which steps need a person's approval",
  },
  {
    displayName: 'Permission Mode',
    name: 'permissionMode',
    type: 'options',
    noDataExpression: true,
    default: 'read-only',
    displayOptions,
    options: [
      { name: "All of the Token's Owner", value: 'default', description: 'Neo may change what the owner may change' },
      { name: 'Read Only', value: 'read-only', description: 'Neo changes nothing in Pulumi Cloud' },
    ] satisfies { name: string; value: PermissionMode; description: string }[],
    description: 'What Neo may do in Pulumi Cloud',
  },
  {
    displayName: 'Plan First',
    name: 'planMode',
    type: 'boolean',
    noDataExpression: true,
    default: false,
    displayOptions,
    description: 'Whether Neo makes a plan and has it approved before it does anything',
  },
  {
    displayName: 'Integrations Neo May Use',
    name: 'integrations',
    type: 'string',
    default: '',
    placeholder: 'pagerduty',
    displayOptions,
    description: 'Their IDs, separated by commas; empty for none of those that the organization has',
  },
  {
    displayName: 'Incident Is Updated By',
    name: 'updater',
    type: 'options',
    noDataExpression: true,
    default: 'workflow',
    displayOptions,
    options: [
      {
        name: 'Neo',
        value: 'neo',
        description: 'Through its own PagerDuty integration, which has to be among the above',
      },
      {
        name: 'This Workflow',
        value: 'workflow',
        description: "It updates the incident from Neo's answers; Neo has no access to PagerDuty",
      },
    ] satisfies { name: string; value: Updater; description: string }[],
    description: 'Who acknowledges, notes, resolves and reassigns it',
  },
  {
    displayName: 'PagerDuty User for Neo',
    name: 'neoUser',
    type: 'string',
    default: '',
    placeholder: 'PXXXXXX',
    displayOptions: { show: { operation: ['create'], updater: ['neo'] } },
    description: 'ID of the user to whom Neo assigns the incident',
  },
];
