import { randomUUID } from 'node:crypto';

import { z } from 'zod/v4';

import type { Stack } from '../../../cluster/local/stack';
import { until } from '../../../cluster/local/process/wait';
import { ownerSession } from './session';

export interface WorkflowNode {
  name: string;
  type: string;
  parameters: Record<string, unknown>;
  credentials?: Record<string, { id: string; name: string }>;
  [key: string]: unknown;
}

export interface WorkflowJson {
  name: string;
  nodes: WorkflowNode[];
  connections: Record<string, Record<string, { node: string; type: string; index: number }[][]>>;
  settings: object;
}

const executionSchema = z.looseObject({ id: z.coerce.string(), status: z.string(), finished: z.boolean().nullish() });
type Login = Stack['login'];

const items = z.array(z.object({ json: z.record(z.string(), z.unknown()) }));
const executionData = z.object({
  data: z.object({
    resultData: z.object({
      runData: z.record(
        z.string(),
        z.array(z.object({ data: z.object({ main: z.array(items.nullable()) }).optional() })),
      ),
    }),
  }),
});
const tokens = z.object({ promptTokens: z.number(), completionTokens: z.number() });
const modelOutput = z.object({ json: z.object({ tokenUsage: tokens.optional() }) });
const modelExecution = z.object({
  data: z.object({
    resultData: z.object({
      runData: z.record(
        z.string(),
        z.array(
          z.object({ data: z.object({ ai_languageModel: z.array(z.array(modelOutput)).optional() }).optional() }),
        ),
      ),
    }),
  }),
});
const failedExecution = z.object({
  data: z.object({
    resultData: z.object({ lastNodeExecuted: z.string(), error: z.looseObject({ message: z.string() }) }),
  }),
});
const list = z.object({ data: z.array(executionSchema) });
const scheduled = z.object({
  data: z.array(z.object({ id: z.string(), name: z.string(), nodes: z.array(z.object({ type: z.string() })) })),
});

/** n8n's public API (v1), with a key of the owner's. */
export class N8n {
  private readonly credentials: string[] = [];

  private constructor(
    private readonly url: string,
    private readonly key: string,
    private readonly session: Record<string, string>,
  ) {}

  static async connect(stack: Stack): Promise<N8n> {
    const { urls } = stack;
    const headers = { 'content-type': 'application/json', 'browser-id': 'e2e' };
    const cookie = await ownerSession(stack);
    const authenticated = { ...headers, cookie };
    const scopes = z
      .object({ data: z.array(z.string()) })
      .parse(await (await fetch(`${urls.n8n}/rest/api-keys/scopes`, { headers: authenticated })).json()).data;
    const label = `e2e ${Date.now()}`;
    const created = await fetch(`${urls.n8n}/rest/api-keys`, {
      method: 'POST',
      headers: authenticated,
      body: JSON.stringify({ label, scopes, expiresAt: Math.floor(Date.now() / 1000) + 7200 }),
    });
    const { data } = z.object({ data: z.object({ rawApiKey: z.string() }) }).parse(await created.json());
    return new N8n(urls.n8n, data.rawApiKey, authenticated);
  }

  async workflow(id: string): Promise<WorkflowJson> {
    return (await this.call('GET', `workflows/${id}`)) as WorkflowJson;
  }

  /** Changes a workflow, as a person does in the editor. */
  async change(id: string, { name, nodes, connections, settings }: WorkflowJson): Promise<void> {
    await this.call('PUT', `workflows/${id}`, { name, nodes, connections, settings });
  }

  async workflows(): Promise<{ id: string; name: string; active: boolean }[]> {
    return z
      .object({ data: z.array(z.object({ id: z.string(), name: z.string(), active: z.boolean() })) })
      .parse(await this.call('GET', 'workflows?limit=250')).data;
  }

  /**
   * Takes workflows that run by the clock off the air until the work is done, having waited for what they began: for
   * tests that count what the API server is asked for.
   */
  async withoutSchedules<T>(work: () => Promise<T>): Promise<T> {
    const { data } = scheduled.parse(await this.call('GET', 'workflows?limit=250&active=true'));
    const paused = data.filter(({ nodes }) => nodes.some(({ type }) => type === 'n8n-nodes-base.scheduleTrigger'));
    try {
      for (const { id } of paused) await this.call('POST', `workflows/${id}/deactivate`);
      for (const { id, name } of paused)
        await until(`the end of what ${name} began`, 60, async () =>
          (await this.executions(id, '&status=running')).length === 0 ? true : undefined,
        );
      return await work();
    } finally {
      for (const { id } of paused) await this.call('POST', `workflows/${id}/activate`);
    }
  }

  /** Creates a workflow, unpublished. Returns its id. */
  async create({ name, nodes, connections, settings }: WorkflowJson): Promise<string> {
    return z
      .object({ id: z.string() })
      .parse(await this.call('POST', 'workflows', { name, nodes, connections, settings })).id;
  }

  /** Creates a workflow and publishes it. Returns its id. */
  async publish(workflow: WorkflowJson): Promise<string> {
    const id = await this.create(workflow);
    await this.call('POST', `workflows/${id}/activate`);
    return id;
  }

  /** Publishes a workflow and waits until its webhook answers. Returns its id. */
  async activate(workflow: WorkflowJson, webhookPath: string): Promise<string> {
    const id = await this.publish(workflow);
    await until(`webhook ${webhookPath}`, 20, async () => {
      const { status } = await fetch(`${this.url}/webhook/${webhookPath}`, {
        method: 'POST',
        body: '{}',
        headers: { 'content-type': 'application/json' },
      });
      return status === 404 ? undefined : true;
    });
    return id;
  }

  /** Deletes every workflow whose name begins so. n8n takes a published one off the air first, which goes on for a while. */
  async deleteWorkflows(prefix: string): Promise<void> {
    const { data } = z
      .object({ data: z.array(z.object({ id: z.string(), name: z.string() })) })
      .parse(await this.call('GET', 'workflows?limit=250'));
    for (const { id } of data.filter(({ name }) => name.startsWith(prefix))) {
      await this.call('POST', `workflows/${id}/deactivate`);
      await until(`workflow ${id} deleted`, 20, async () => {
        await this.call('DELETE', `workflows/${id}`);
        return true;
      });
    }
  }

  /** Has a credential that somebody else made here deleted with the others. */
  forget(credential: string): void {
    this.credentials.push(credential);
  }

  async deleteWorkflow(id: string): Promise<void> {
    await this.call('DELETE', `workflows/${id}`);
  }

  async createCredential(type: string, data: object): Promise<string> {
    const { id } = z
      .object({ id: z.string() })
      .parse(await this.call('POST', 'credentials', { name: `e2e ${type}`, type, data }));
    this.credentials.push(id);
    return id;
  }

  /** What a person sees after "Save" in the editor: the credential's own test, which the public API does not offer. */
  async testCredential(type: string, data: object): Promise<{ status: string; message: string }> {
    const credentials = { id: '', name: 'e2e', type, data };
    const response = await fetch(`${this.url}/rest/credentials/test`, {
      method: 'POST',
      headers: this.session,
      body: JSON.stringify({ credentials }),
    });
    return z.object({ data: z.object({ status: z.string(), message: z.string() }) }).parse(await response.json()).data;
  }

  /** Adds a user who may do nothing yet. Somebody of that address from an interrupted run is removed first. */
  async addMember(email: string): Promise<Login> {
    const users = z.object({ data: z.array(z.object({ id: z.string(), email: z.string() })) });
    for (const user of users.parse(await this.call('GET', 'users?limit=250')).data)
      if (user.email === email) await this.call('DELETE', `users/${user.id}`);
    const invited = z.array(z.object({ user: z.object({ inviteAcceptUrl: z.string() }) }));
    const [invitation] = invited.parse(await this.call('POST', 'users', [{ email, role: 'global:member' }]));
    const token = new URL(invitation?.user.inviteAcceptUrl ?? '').searchParams.get('token');
    const login = { email, password: `Aa1${randomUUID()}` };
    const answer = await fetch(`${this.url}/rest/invitations/accept`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'browser-id': 'e2e' },
      body: JSON.stringify({ token, firstName: 'E2E', lastName: 'Member', password: login.password }),
    });
    if (!answer.ok) throw new Error(`n8n does not take the member: ${answer.status} ${await answer.text()}`);
    return login;
  }

  /** Deletes the credentials created here, which the editor would offer to everybody. */
  async deleteCredentials(): Promise<void> {
    for (const id of this.credentials.splice(0)) await this.call('DELETE', `credentials/${id}`);
  }

  /** What each node of an execution gave last, by its first output that had items. */
  async outputs(execution: string): Promise<Record<string, Record<string, unknown>[]>> {
    const { data } = executionData.parse(await this.call('GET', `executions/${execution}?includeData=true`));
    return Object.fromEntries(
      Object.entries(data.resultData.runData).map(([node, runs]) => [
        node,
        (runs.at(-1)?.data?.main.find((items) => items !== null && items.length > 0) ?? []).map(({ json }) => json),
      ]),
    );
  }

  /** What n8n says that each reply of a chat model cost; a reply whose server counted no tokens is left out. */
  async tokens(execution: string, node: string): Promise<z.infer<typeof tokens>[]> {
    const { data } = modelExecution.parse(await this.call('GET', `executions/${execution}?includeData=true`));
    const outputs = (data.resultData.runData[node] ?? []).flatMap((run) => run.data?.ai_languageModel?.flat() ?? []);
    return outputs.flatMap(({ json }) => json.tokenUsage ?? []);
  }

  /** Where and why an execution failed. */
  async failure(execution: string): Promise<{ node: string; message: string }> {
    const { data } = failedExecution.parse(await this.call('GET', `executions/${execution}?includeData=true`));
    const { lastNodeExecuted: node, error } = data.resultData;
    return { node, message: error.message };
  }

  async executions(workflowId: string, more = ''): Promise<z.infer<typeof executionSchema>[]> {
    return list.parse(await this.call('GET', `executions?workflowId=${workflowId}&limit=50${more}`)).data;
  }

  private async call(method: string, path: string, body?: object): Promise<unknown> {
    const response = await fetch(`${this.url}/api/v1/${path}`, {
      method,
      headers: { 'X-N8N-API-KEY': this.key, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === '' ? null : JSON.parse(text);
  }
}
