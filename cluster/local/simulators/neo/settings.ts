import { z } from 'zod/v4';

const name = z.string().min(1);

const user = z.strictObject({ token: name, login: name, name, email: z.email() });
const repository = z.strictObject({ org: name, name });
const stack = z.strictObject({
  organization: name,
  project: name,
  name,
  /** How many resources it holds: Neo takes no stack that is empty. */
  resources: z.int().nonnegative().default(12),
  accessible: z.boolean().default(true),
  /** Where its program lies, for tasks that name no repository. */
  repository: repository.optional(),
});

export const settings = z.strictObject({
  /** Who may call, each with a token of their own. */
  users: z.array(user).default([
    {
      token: 'simulated-pulumi-token',
      login: 'incident-pipeline',
      name: 'Incident Pipeline',
      email: 'bot@example.com',
    },
  ]),
  organizations: z
    .array(z.strictObject({ name, members: z.array(name) }))
    .default([{ name: 'acme', members: ['incident-pipeline'] }]),
  stacks: z.array(stack).default([
    {
      organization: 'acme',
      project: 'playground',
      name: 'production',
      resources: 12,
      accessible: true,
      repository: { org: 'acme', name: 'infrastructure' },
    },
  ]),
  /** Those that Neo can read. Without the list, each that a task names. */
  repositories: z.array(repository).optional(),
  /** The organization's own, for tasks that say nothing. */
  approvalMode: z.enum(['manual', 'auto', 'balanced']).default('manual'),
});

export type Settings = z.output<typeof settings>;
export type NeoSettings = z.input<typeof settings>;
export type NeoUser = z.output<typeof user>;
