import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { credentials, withCredentials, type CredentialSources } from '../../cluster/local/n8n/credentials';
import type { Workflow } from '../../cluster/shared/n8n/workflow';

const committed = JSON.parse(
  readFileSync(join(__dirname, '../../workflows/incident-pipeline.json'), 'utf8'),
) as Workflow;

const sources: CredentialSources = {
  webhookSecret: 'secret',
  kubernetes: { server: 'https://127.0.0.1:1', caCertificate: 'ca', token: 'token' },
  pushgatewayUrl: 'http://127.0.0.1:2',
  lokiUrl: 'http://127.0.0.1:3',
  model: undefined,
};
const model = { apiKey: 'key', url: 'http://127.0.0.1:4/v1', name: 'small' };

const nodesOf = (workflow: Workflow, type: string) => workflow.nodes.filter((node) => node.type === type);
const chatModels = (workflow: Workflow) => nodesOf(workflow, '@n8n/n8n-nodes-langchain.lmChatOpenAi');

describe('the workflow of the local stack', () => {
  const withoutModel = withCredentials(committed, credentials(sources), undefined);
  const withModel = withCredentials(committed, credentials({ ...sources, model }), model);

  it.each([
    ['securityAlertTrigger', 'securityAlertSecretApi', 'incident-alert-secret'],
    ['k8sQuarantine', 'kubernetesResponderApi', 'incident-kubernetes'],
    ['pushgatewayMetrics', 'pushgatewayApi', 'incident-pushgateway'],
    ['lokiPush', 'lokiApi', 'incident-loki'],
  ])('every %s node has the credential %s', (node, type, id) => {
    const nodes = nodesOf(withoutModel, `n8n-nodes-incident-pipeline.${node}`);
    expect(nodes.length).toBeGreaterThan(0);
    for (const { credentials: chosen } of nodes) expect(chosen?.[type]?.id).toBe(id);
  });

  it('leaves the chat model off without a model', () => {
    expect(chatModels(withoutModel)).toEqual(chatModels(committed));
    expect(chatModels(withoutModel).every(({ disabled }) => disabled)).toBe(true);
  });

  it('switches the chat model on with one', () => {
    for (const node of chatModels(withModel)) {
      expect(node).toMatchObject({
        disabled: false,
        parameters: { model: { __rl: true, mode: 'id', value: 'small' }, responsesApiEnabled: false },
        credentials: { openAiApi: { id: 'incident-model' } },
      });
    }
  });

  it('changes nothing else', () => {
    const bare = ({ nodes, ...rest }: Workflow) => ({
      ...rest,
      nodes: nodes.map(({ credentials: _, ...node }) => node),
    });
    expect(bare(withoutModel)).toEqual(bare(committed));
  });

  it('has credentials for exactly what is configured', () => {
    expect(credentials(sources).map(({ type }) => type)).not.toContain('openAiApi');
    expect(credentials({ ...sources, model })).toContainEqual({
      id: 'incident-model',
      name: 'Chat model',
      type: 'openAiApi',
      data: { apiKey: 'key', url: 'http://127.0.0.1:4/v1', header: false },
    });
  });
});
