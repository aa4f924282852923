import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import {
  type IDataObject,
  type IExecuteFunctions,
  type INodeExecutionData,
  type INodeType,
  type IWebhookFunctions,
  NodeConnectionTypes,
} from 'n8n-workflow';

import type { KubernetesClient } from '../../adapters/kubernetes/api/client';
import { apiCall } from '../../adapters/kubernetes/api/errors';
import { readContext } from '../../adapters/kubernetes/state/readContext';
import { LABELS } from '../../core/names';
import { escalationMessage } from '../../core/response/event';
import { RosesAgent } from '../../nodes/RosesAgent/RosesAgent.node';
import { receiveAlert } from '../../nodes/SecurityAlertTrigger/receiveAlert';
import { alertOf, payload, RECEIVED_AT } from '../support/alerts';
import { runNode } from '../support/engine';
import { ROOT } from '../support/manifests';
import { ROSES_ANSWER } from '../support/scriptedModel';
import { GITHUB_TOKEN, PASSWORD, TOKENS } from '../support/secrets';

const SECRETS = [PASSWORD, GITHUB_TOKEN, TOKENS.slack ?? ''];
const leaking = payload(
  'pod-delete-test',
  { output: `mysql -p${PASSWORD} ${GITHUB_TOKEN}` },
  { 'proc.cmdline': `mysql -p${PASSWORD}`, 'proc.env': `TOKEN=${GITHUB_TOKEN}`, 'evt.args': TOKENS.slack },
);

function expectNoSecret(kept: unknown): void {
  for (const secret of SECRETS) expect(JSON.stringify(kept)).not.toContain(secret);
}

describe('Security Alert Trigger', () => {
  const webhook = (body: object) =>
    receiveAlert({
      getWorkflow: () => ({ id: 'of the test' }),
      getResponseObject: () => ({ once: () => undefined, setHeader: () => undefined }),
      getNode: () => ({ credentials: { securityAlertSecretApi: { id: '1', name: 'of the test' } } }),
      getCredentials: () => Promise.resolve({ secret: 'of the test' }),
      getHeaderData: () => ({ 'x-alert-secret': 'of the test' }),
      getRequestObject: () => ({ rawBody: Buffer.from(JSON.stringify(body)) }),
      getNodeParameter: (name: string) => (name === 'sender' ? 'falcosidekick' : 1024),
    } as unknown as IWebhookFunctions);

  // n8n stores of a request what the node returns, and nothing else: tests/e2e/trigger.test.ts looks.
  test('hands over the masked alert and no part of the request', async () => {
    const answer = await webhook(leaking);
    expect(answer.workflowData).toEqual([[{ json: { alert: expect.anything() as unknown } }]]);
    expectNoSecret(answer);
  });
});

describe('ROSES Agent', () => {
  test('masks the raw body of a plain Webhook node before the model and the item see it', async () => {
    const asked: unknown[] = [];
    const model = {
      invoke: (messages: unknown) => {
        asked.push(messages);
        return Promise.resolve({ content: ROSES_ANSWER });
      },
    };
    const { outputs } = await runNode({
      node: new RosesAgent(),
      items: [{ body: leaking as IDataObject }],
      model: { supply: () => model },
    });
    expect(outputs[0]).toHaveLength(1);
    expect(asked).toHaveLength(1);
    expectNoSecret([outputs, asked]);
    expect(JSON.stringify(asked)).toContain('[masked: password]');
  });

  test('says why there was no answer without the secrets and line breaks of the reason', async () => {
    const model = { invoke: () => Promise.reject(new Error(`401\npassword=${PASSWORD}`)) };
    const { outputs } = await runNode({
      node: new RosesAgent(),
      items: [{ alert: alertOf() as unknown as IDataObject }],
      model: { supply: () => model },
    });
    expect(outputs[0]?.[0]?.json).toMatchObject({
      analysis: { run: { fallbackReason: 'the model did not answer: 401\\u{a}password=[masked: secret]' } },
    });
  });

  test("shows no markup of a model's in the editor", async () => {
    const model = { invoke: () => Promise.resolve({ content: '{"<a href=http://a.test>":"&"}' }) };
    const { hints } = await runNode({
      node: new RosesAgent(),
      items: [{ alert: alertOf() as unknown as IDataObject }],
      model: { supply: () => model },
    });
    expect(hints[0]).toContain('&lt;a href=http://a.test&gt;');
    expect(hints[0]).not.toContain('<');
  });
});

describe('K8s Quarantine', () => {
  test('masks labels and events of a pod', async () => {
    const metadata = { name: 'web', uid: 'u', creationTimestamp: RECEIVED_AT };
    const labels = { app: 'web', 'deploy-token': PASSWORD, pushed: GITHUB_TOKEN, [LABELS.quarantined]: 'true' };
    const client = {
      server: 'https://kubernetes.test',
      watch: false,
      dropped: new AbortController().signal,
      custom: {
        listNamespacedCustomObject: () => Promise.resolve({ items: [] }),
        getNamespacedCustomObject: () => Promise.resolve({}),
      },
      core: {
        readNamespacedPod: () => Promise.resolve({ metadata: { ...metadata, labels } }),
        readNamespace: () => Promise.resolve({ metadata: { name: 'a', labels: {} } }),
        listNamespacedEvent: () =>
          Promise.resolve({ items: [{ reason: 'Failed', message: `exec failed:\nmysql -p${PASSWORD}` }] }),
      },
    } as unknown as KubernetesClient;
    const target = { namespace: 'a', pod: 'web', podUid: 'u', container: null, image: null };
    const context = await readContext(client, target, 'one', RECEIVED_AT);
    expectNoSecret(context);
    expect(context).toMatchObject({
      pod: {
        labels: { app: 'web', 'deploy-token': '[masked: secret]', pushed: '[masked: github token]' },
        marked: true,
      },
      events: [{ reason: 'Failed', message: 'exec failed:\\u{a}mysql -p[masked: password]' }],
    });
  });
});

test('what an admission webhook answers is masked and visible', async () => {
  const said = `denied\n\u001b[31mTOKEN=${GITHUB_TOKEN}`;
  const refused = apiCall({ what: 'label pod a/b', server: 'https://kubernetes.test' }, () =>
    Promise.reject(Object.assign(new Error(), { code: 400, body: JSON.stringify({ message: said }) })),
  );
  await expect(refused).rejects.toThrow('answered 400: denied\\u{a}\\u{1b}[31mTOKEN=[masked: github token]');
});

/** Returns its parameter, which n8n has evaluated. */
class Evaluated implements INodeType {
  description = {
    displayName: 'Evaluated',
    name: 'evaluated',
    group: ['transform' as const],
    version: 1,
    description: '',
    defaults: {},
    inputs: [NodeConnectionTypes.Main],
    outputs: [NodeConnectionTypes.Main],
    properties: [{ displayName: 'Body', name: 'body', type: 'json' as const, default: '' }],
  };

  execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
    return Promise.resolve([[{ json: this.getNodeParameter('body', 0) as IDataObject }]]);
  }
}

describe('what is posted to a chat', () => {
  const { nodes } = JSON.parse(readFileSync(join(ROOT, 'workflows/notify.json'), 'utf8')) as {
    nodes: { name: string; parameters: { jsonBody?: string } }[];
  };
  const body = nodes.find(({ name }) => name === 'Post to Chat')?.parameters.jsonBody;

  test.each([
    '<!channel>',
    '<@U1>',
    '<http://a.test|link>',
    '@channel *bold* _it_ `code` [text](http://a.test)',
    '```\n<!here>',
  ])('%j is shown as it is: in a code block, and with nothing that ends it or is read in it', async (rule) => {
    const message = escalationMessage(alertOf('escalate-test', { rule }), undefined, undefined);
    const { outputs } = await runNode({
      node: new Evaluated(),
      items: [{ escalation: { message } }],
      parameters: { body: body ?? '' },
    });
    const { text, ...more } = outputs[0]?.[0]?.json as { text: string };
    expect(text).toMatch(/^```\n[^`<>]*\n```$/);
    expect(text.slice(4, -4)).toBe(
      message.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('`', '´'),
    );
    expect(more).toEqual({ unfurl_links: false, unfurl_media: false });
  });
});
