import { CHAT_MODEL } from '../../cluster/shared/n8n/workflow.js';
import type { WorkflowJson, WorkflowNode } from '../../tests/e2e/support/n8n.js';
import { labelParameters, serverRequest, type ServerCredentials, webhookNode } from '../baseline.js';

export const NAIVE_PATH = 'bench-naive';
/** Of Pushgateway's group. */
export const NAIVE_JOB = 'bench_naive';

interface Access {
  kubernetes: string;
  pushgateway: string;
  credentials: ServerCredentials;
  /** Id of the model's credential, and the model's name. */
  model: { credential: string; name: string };
}

const ANALYSE = `You are a Kubernetes incident analyst. Analyse the alert: role, objective, steps, evidence, summary.
Answer with one JSON object with exactly these keys, and nothing else.`;
const DECIDE = `You decide on Kubernetes security incidents: delete_pod, quarantine_pod, ignore or escalate.
Answer with one JSON object and nothing else. Its keys: decision, classification, confidence, reason.`;

const PARSE_ANALYSIS = String.raw`const match = $json.text.match(/\{[\s\S]*\}/);
return { json: { analysis: match ? JSON.parse(match[0]) : {} } };`;
const PARSE_DECISION = String.raw`const match = $json.text.match(/\{[\s\S]*\}/);
const decided = match ? JSON.parse(match[0]) : { decision: 'escalate' };
const fields = $('Webhook').first().json.body.output_fields;
return { json: { ...decided, namespace: fields['k8s.ns.name'], pod: fields['k8s.pod.name'] } };`;
const BUILD_METRICS = String.raw`const { decision, classification } = $json;
const text = '# TYPE naive_decision gauge\n' +
  'naive_decision{decision="' + decision + '",classification="' + classification + '"} 1\n';
return { json: { ...$json, text } };`;

/**
 * What this pipeline replaces, of n8n's own nodes: Webhook → LLM chain → Code with a regular expression → LLM chain → Code → Code →
 * HTTP Request to Pushgateway → Switch → HTTP Request to the API server. It asks a model twice for every alert.
 */
export function naiveWorkflow(prefix: string, { kubernetes, pushgateway, credentials, model }: Access): WorkflowJson {
  const decided = (field: string) => `{{ $('Parse Decision').first().json.${field} }}`;
  const pod = `${kubernetes}/api/v1/namespaces/${decided('namespace')}/pods/${decided('pod')}`;
  const label = labelParameters(pod, `app=${decided('pod')}`);
  const alert = "{{ JSON.stringify($('Webhook').first().json.body) }}";
  return {
    name: `${prefix}naive`,
    nodes: [
      webhookNode(NAIVE_PATH),
      chain('Analyse', ANALYSE, `=Alert: ${alert}`),
      code('Parse Analysis', PARSE_ANALYSIS),
      chain('Decide', DECIDE, `=Alert: ${alert}\nAnalysis: {{ JSON.stringify($json.analysis) }}`),
      code('Parse Decision', PARSE_DECISION),
      code('Build Metrics', BUILD_METRICS),
      node('Push Metrics', 'n8n-nodes-base.httpRequest', 4.2, {
        method: 'POST',
        url: `${pushgateway}/metrics/job/${NAIVE_JOB}`,
        sendBody: true,
        contentType: 'raw',
        rawContentType: 'text/plain',
        body: '={{ $json.text }}',
        options: {},
      }),
      node('Switch', 'n8n-nodes-base.switch', 3.2, {
        mode: 'rules',
        rules: {
          values: ['quarantine_pod', 'delete_pod'].map((decision) => isDecision(decided('decision'), decision)),
        },
        options: {},
      }),
      serverRequest('Label Pod', credentials, { ...label, body: `=${String(label.body)}` }),
      serverRequest('Delete Pod', credentials, { method: 'DELETE', url: `=${pod}` }),
      {
        ...node('Chat Model', CHAT_MODEL, 1.3, {
          model: { __rl: true, mode: 'id', value: model.name },
          responsesApiEnabled: false,
          options: { temperature: 0 },
        }),
        credentials: { openAiApi: { id: model.credential, name: 'bench model' } },
      },
    ],
    connections: {
      Webhook: to('Analyse'),
      Analyse: to('Parse Analysis'),
      'Parse Analysis': to('Decide'),
      Decide: to('Parse Decision'),
      'Parse Decision': to('Build Metrics'),
      'Build Metrics': to('Push Metrics'),
      'Push Metrics': to('Switch'),
      Switch: { main: [[main('Label Pod')], [main('Delete Pod')]] },
      'Chat Model': {
        ai_languageModel: [['Analyse', 'Decide'].map((name) => ({ node: name, type: 'ai_languageModel', index: 0 }))],
      },
    },
    settings: { executionOrder: 'v1' },
  };
}

const main = (name: string) => ({ node: name, type: 'main', index: 0 });
const to = (name: string) => ({ main: [[main(name)]] });

const node = (name: string, type: string, typeVersion: number, parameters: Record<string, unknown>): WorkflowNode => ({
  id: name,
  name,
  type,
  typeVersion,
  position: [0, 0],
  parameters,
});

const chain = (name: string, system: string, text: string): WorkflowNode =>
  node(name, '@n8n/n8n-nodes-langchain.chainLlm', 1.9, {
    promptType: 'define',
    text,
    messages: { messageValues: [{ type: 'SystemMessagePromptTemplate', message: system }] },
    batching: {},
  });

const code = (name: string, jsCode: string): WorkflowNode =>
  node(name, 'n8n-nodes-base.code', 2, { mode: 'runOnceForEachItem', language: 'javaScript', jsCode });

const isDecision = (value: string, decision: string) => ({
  conditions: {
    options: { caseSensitive: true, leftValue: '', typeValidation: 'strict', version: 2 },
    conditions: [
      { id: decision, leftValue: `=${value}`, rightValue: decision, operator: { type: 'string', operation: 'equals' } },
    ],
    combinator: 'and',
  },
});
