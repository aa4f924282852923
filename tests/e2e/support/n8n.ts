import { z } from 'zod/v4';

import type { Stack } from '../../../cluster/local/stack';
import { until } from '../../../cluster/local/wait';

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
  connections: object;
  settings: object;
}

const executionSchema = z.looseObject({ id: z.coerce.string(), status: z.string(), finished: z.boolean().nullish() });
const list = z.object({ data: z.array(executionSchema) });

/** n8n's public API (v1), with a key of the owner's. */
export class N8n {
  private readonly credentials: string[] = [];

  private constructor(
    private readonly url: string,
    private readonly key: string,
    private readonly session: Record<string, string>,
  ) {}

  static async connect({ urls, login }: Stack): Promise<N8n> {
    const headers = { 'content-type': 'application/json', 'browser-id': 'e2e' };
    const session = await fetch(`${urls.n8n}/rest/login`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ emailOrLdapLoginId: login.email, password: login.password }),
    });
    const cookie = session.headers
      .getSetCookie()
      .map((line) => line.split(';')[0])
      .join('; ');
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

  /** Creates a workflow, activates it, and waits until its webhook answers. Returns its id. */
  async activate({ name, nodes, connections, settings }: WorkflowJson, webhookPath: string): Promise<string> {
    const { id } = z
      .object({ id: z.string() })
      .parse(await this.call('POST', 'workflows', { name, nodes, connections, settings }));
    await this.call('POST', `workflows/${id}/activate`);
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

  /** Deletes the credentials created here, which the editor would offer to everybody. */
  async deleteCredentials(): Promise<void> {
    for (const id of this.credentials.splice(0)) await this.call('DELETE', `credentials/${id}`);
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
