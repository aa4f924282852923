import { z } from 'zod/v4';

import type { Confirmation } from '../../app/neo/ports';
import { FORGES } from '../../core/remediation/repository';
import { eventSchema, type NeoEvent, type NeoTaskDescription, neoTaskSchema } from '../../core/remediation/events';
import type { TaskRequest } from '../../core/remediation/taskRequest';
import { type Answer, call, type Call, type PulumiCloudAccess } from './call';
import { unexpectedAnswer, refusal } from './refusal';

function entitiesOf({ repository, stack }: TaskRequest): object[] {
  const known = repository === null ? undefined : FORGES[repository.host];
  return [
    ...(repository === null
      ? []
      : [
          {
            type: 'repository',
            org: repository.org,
            name: repository.name,
            ...(known === undefined ? { host: repository.host } : { forge: known }),
          },
        ]),
    ...(stack === null ? [] : [{ type: 'stack', ...stack }]),
  ];
}

/** The body of POST …/tasks (CreateAgentTaskRequest; Pulumi Cloud REST API, preview of August 2026). */
export function creation(wanted: TaskRequest, now: Date): object {
  return {
    message: {
      type: 'user_message',
      content: wanted.content,
      timestamp: now.toISOString(),
      entity_diff: { add: entitiesOf(wanted), remove: [] },
    },
    approvalMode: wanted.approvalMode,
    permissionMode: wanted.permissionMode,
    planMode: wanted.planMode,
    toolExecutionMode: 'cloud',
    // Left out, it would mean all that the organization has; without approval mode it would be the organization's.
    enabledIntegrations: wanted.integrations.map((id) => ({ id })),
    source: 'api',
  };
}

async function ask(access: PulumiCloudAccess, what: string, wanted: Call): Promise<Answer> {
  const answer = await call(access, wanted);
  if (answer.status >= 200 && answer.status < 300) return answer;
  throw refusal(access, what, answer);
}

function read<T>(schema: z.ZodType<T>, what: string, { body }: Answer): T {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw unexpectedAnswer(what, `${issue?.path.join('.') ?? 'body'}: ${issue?.message ?? 'invalid'}`);
}

const one = (id: string): string => `/${encodeURIComponent(id)}`;

export async function readTask(access: PulumiCloudAccess, id: string): Promise<NeoTaskDescription> {
  const what = `read Neo task ${id}`;
  return read(neoTaskSchema, what, await ask(access, what, { method: 'GET', path: one(id) }));
}

const PAGE = '100';
/** A task of more events than this is read to its last ones page by page all the same; this only ends a server's circle. */
const MOST_PAGES = 200;

const eventsPage = z.object({ events: z.array(eventSchema), continuationToken: z.string().nullish() });

/** All events of a task, in order. */
export async function readEvents(access: PulumiCloudAccess, id: string): Promise<NeoEvent[]> {
  const what = `read the events of Neo task ${id}`;
  return pages(access, what, `${one(id)}/events`, eventsPage, ({ events }) => events);
}

const tasksPage = z.object({ tasks: z.array(neoTaskSchema), continuationToken: z.string().nullish() });

/** The organization's tasks that the token may see, as Neo lists them. */
export async function listTasks(access: PulumiCloudAccess): Promise<NeoTaskDescription[]> {
  return pages(access, 'list Neo tasks', '', tasksPage, ({ tasks }) => tasks);
}

async function pages<Page extends { continuationToken?: string | null | undefined }, Item>(
  access: PulumiCloudAccess,
  what: string,
  path: string,
  schema: z.ZodType<Page>,
  itemsOf: (page: Page) => Item[],
): Promise<Item[]> {
  const items: Item[] = [];
  let continuationToken: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const query = { pageSize: PAGE, ...(continuationToken === undefined ? {} : { continuationToken }) };
    const answer = read(schema, what, await ask(access, what, { method: 'GET', path, query }));
    items.push(...itemsOf(answer));
    if (!answer.continuationToken) return items;
    continuationToken = answer.continuationToken;
  }
  throw unexpectedAnswer(what, `more than ${MOST_PAGES} pages`);
}

/** @throws PipelineError `conflict` when Neo waits for nothing, or for something else */
export async function confirm(
  access: PulumiCloudAccess,
  id: string,
  { requestId, ok, instructions }: Confirmation,
  now: Date,
): Promise<void> {
  const event = {
    type: 'user_confirmation',
    approval_request_id: requestId,
    ok,
    timestamp: now.toISOString(),
    ...(ok || instructions === '' ? {} : { instructions }),
  };
  await ask(access, `answer approval ${requestId} of Neo task ${id}`, {
    method: 'POST',
    path: one(id),
    body: { event },
  });
}

/** By force: Neo's API knows no other way yet. */
export async function cancelTask(access: PulumiCloudAccess, id: string): Promise<void> {
  await ask(access, `cancel Neo task ${id}`, { method: 'POST', path: `${one(id)}/cancel`, body: { force: true } });
}

/** Where a person sees a task; self-hosted installations have their console beside their API. */
export function consoleUrl({ url, organization }: PulumiCloudAccess, id: string): string {
  const api = new URL(url);
  const host = api.host.replace(/^api\./, 'app.');
  return `${api.protocol}//${host}/${encodeURIComponent(organization)}/neo/tasks/${encodeURIComponent(id)}`;
}
