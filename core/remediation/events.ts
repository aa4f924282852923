import { z } from 'zod/v4';

/**
 * The events of a Neo task that show its progress (Pulumi Cloud REST API, preview: AgentConsoleEvent and
 * AgentBackendEvent). All others, including types added later, are read as `other`: intermediate steps.
 */
const bodySchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('assistant_message'), content: z.string(), is_final: z.boolean() }),
  z.object({
    type: z.literal('user_approval_request'),
    id: z.string().min(1),
    message: z.string(),
    approval_type: z.string().default('general'),
    sensitivity: z.string().default('regular'),
  }),
  z.object({ type: z.literal('user_confirmation'), approval_request_id: z.string(), ok: z.boolean() }),
  z.object({ type: z.literal('user_message'), content: z.string() }),
  z.object({ type: z.literal('error'), message: z.string() }),
  z.object({ type: z.literal('cancelled') }),
]);
const KNOWN: ReadonlySet<string> = new Set(bodySchema.options.map(({ shape }) => shape.type.value));

const typedSchema = z.looseObject({ type: z.string() });

/** A known type in an unknown format is an error; an unknown type is not. */
const eventBodySchema = z.preprocess(
  (body) => {
    const typed = typedSchema.safeParse(body);
    return typed.success && !KNOWN.has(typed.data.type) ? { type: 'other' } : body;
  },
  z.union([bodySchema, z.object({ type: z.literal('other') })]),
);

export const eventSchema = z.object({ id: z.string().min(1), eventBody: eventBodySchema });
export type NeoEvent = z.infer<typeof eventSchema>;

const repositoryEntity = z.object({
  name: z.string(),
  org: z.string(),
  forge: z.string().nullish(),
  host: z.string().nullish(),
});
export type RepositoryEntity = z.infer<typeof repositoryEntity>;

const entitySchema = z.union([
  repositoryEntity.extend({ type: z.literal('repository') }),
  z.object({ type: z.literal('stack'), name: z.string(), project: z.string() }),
  z.object({ type: z.literal('pull_request'), repo: repositoryEntity, number: z.int().positive() }),
  z.object({ type: z.string().transform(() => 'other' as const) }),
]);
/** An object that Neo works on. Neo silently removes entities to which it has no access. */
export type NeoEntity = z.infer<typeof entitySchema>;

/** AgentTask: a task as Neo describes it. */
export const neoTaskSchema = z.object({
  id: z.string().min(1),
  status: z.string(),
  createdAt: z.iso.datetime({ offset: true }),
  entities: z.array(entitySchema).default([]),
});
export type NeoTaskDescription = z.infer<typeof neoTaskSchema>;
