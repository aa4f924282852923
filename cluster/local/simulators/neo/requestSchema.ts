/**
 * What the agent tasks API takes, after pulumi/pulumi-pulumiservice: provider/pkg/cloud/spec.json (CreateAgentTaskRequest,
 * AgentUserEvent, AgentEntity, CancelAgentTaskRequest), and the reference of the cloud SDK for what is newer. Names that it
 * does not have are refused, though Pulumi may ignore them: a misspelt restriction must not go unnoticed.
 */
import { z } from 'zod/v4';

const timestamp = z.iso.datetime({ offset: true, error: 'must be an RFC 3339 time' });
const name = z.string().min(1);

const repository = z.strictObject({
  type: z.literal('repository'),
  name,
  org: name,
  forge: z.string().optional(),
  host: z.string().optional(),
});

const entity = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('stack'), name, project: name }),
  repository,
  z.strictObject({
    type: z.literal('pull_request'),
    repo: repository,
    number: z.int().positive(),
    merged: z.boolean(),
  }),
  z.strictObject({ type: z.literal('policy_issue'), id: name, name: z.string().optional() }),
]);

const common = {
  timestamp,
  entity_diff: z
    .strictObject({ add: z.array(entity).default([]), remove: z.array(entity).default([]) })
    .default({ add: [], remove: [] }),
};

const userMessage = z.strictObject({
  type: z.literal('user_message'),
  content: z.string().trim().min(1, 'must not be empty'),
  commands: z.record(z.string(), z.unknown()).optional(),
  ...common,
});

const approvalMode = z.enum(['manual', 'auto', 'balanced']);
const permissionMode = z.enum(['default', 'read-only']);
const integration = z.strictObject({ id: name });

export const createTask = z.strictObject({
  message: userMessage,
  approvalMode: approvalMode.optional(),
  permissionMode: permissionMode.default('default'),
  planMode: z.boolean().default(false),
  toolExecutionMode: z.enum(['cloud', 'cli', 'worker']).default('cloud'),
  enabledIntegrations: z.array(integration).nullish(),
  cliIntegrations: z.array(z.looseObject({})).optional(),
  agentDefinitionId: z.string().optional(),
  role: z.string().optional(),
  source: z.enum(['api', 'console', 'cli', 'slack', 'schedule', 'github']).default('api'),
});

export const respond = z.strictObject({
  event: z.discriminatedUnion(
    'type',
    [
      userMessage,
      z.strictObject({
        type: z.literal('user_confirmation'),
        approval_request_id: name,
        ok: z.boolean(),
        instructions: z.string().optional(),
        ...common,
      }),
      z.strictObject({ type: z.literal('user_cancel'), ...common }),
    ],
    'event field is required',
  ),
});

export const updateTask = z.strictObject({
  name: name.optional(),
  isShared: z.boolean().optional(),
  approvalMode: approvalMode.optional(),
  permissionMode: permissionMode.optional(),
});

/** The API can only cancel by force so far. */
export const cancelTask = z.strictObject({
  force: z.literal(true, 'force must be true (graceful cancel not yet supported via this endpoint)'),
});

export type Entity = z.output<typeof entity>;
export type CreateTask = z.output<typeof createTask>;
export type UserEvent = z.output<typeof respond>['event'];
