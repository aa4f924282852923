import type { IDataObject } from 'n8n-workflow';

import { requestApproval } from '../app/requestApproval';
import { FORM_PATHS } from '../core/names';
import { summaryOfIncident } from '../core/report/summary';
import { summaryOf } from '../core/response/approvalSummary';
import { alertOnPod, ApprovalsInMemory } from './support/approvals';
import { evaluateInEngine } from './support/engineExpression';
import { recordsWith } from './support/incidentRecords';
import { loadWorkflow, type Workflow } from './support/workflows';

const chat = loadWorkflow('incident-chat');
const tools = loadWorkflow('incident-tools');
const PAGE = `http://127.0.0.1/form/${FORM_PATHS.approvals}`;

const nodeOf = ({ nodes }: Workflow, name: string) => nodes.find((node) => node.name === name);
const kind = ({ type }: { type: string }) => type.split('.').at(-1);
const after = ({ connections }: Workflow, name: string) =>
  (connections[name]?.main ?? []).map((links) => links.map(({ node }) => node));

describe('Incident Chat', () => {
  const agent = nodeOf(chat, 'AI Agent');

  test("is behind n8n's login, for those who may execute it", () => {
    expect(nodeOf(chat, 'On Chat Message')?.parameters).toMatchObject({
      public: true,
      mode: 'hostedChat',
      authentication: 'n8nUserAuth',
      requireExecuteAccess: true,
    });
  });

  test('sends nothing to the page but what Plain Text gives: no stream, no earlier session, no files', () => {
    const { options } = nodeOf(chat, 'On Chat Message')?.parameters as { options: object };
    expect(options).toMatchObject({ responseMode: 'lastNode' });
    for (const name of ['allowFileUploads', 'loadPreviousSession', 'availableInChat'])
      expect(options).not.toHaveProperty(name);
    expect(agent?.parameters).toMatchObject({ options: { enableStreaming: false, passthroughBinaryImages: false } });
    expect(after(chat, 'AI Agent')).toEqual([['Plain Text']]);
    expect(after(chat, 'Plain Text')).toEqual([]);
  });

  test('asks the model six times at most, and says why there is no answer', () => {
    expect(agent).toMatchObject({ parameters: { options: { maxIterations: 6 } }, onError: 'continueRegularOutput' });
  });

  test("keeps no execution, in which n8n's editor would draw the model's answer as it is", () => {
    expect(chat.settings).toMatchObject({
      saveDataSuccessExecution: 'none',
      saveDataErrorExecution: 'none',
      saveManualExecutions: false,
      saveExecutionProgress: false,
    });
  });

  test('has no tool but ways of Incident Tools, of which the model writes the name of an incident and nothing else', () => {
    const supplied = Object.entries(chat.connections).filter(([, kinds]) => 'ai_tool' in kinds);
    const given = supplied.map(([name]) => nodeOf(chat, name)?.parameters ?? {});
    expect(given.map(({ workflowId }) => workflowId)).toEqual(
      given.map(() => ({ __rl: true, mode: 'id', value: 'incident-tools' })),
    );
    const values = given.map(({ workflowInputs }) => (workflowInputs as { value: Record<string, string> }).value);
    expect(values.map(({ tool }) => tool)).toEqual(['list-waiting', 'get-incident', 'list-quarantines']);
    expect(values.map(({ incident }) => incident)).toEqual(['', expect.stringContaining("$fromAI('incident'"), '']);
    expect(JSON.stringify(chat).match(/\$from_?ai/gi)).toHaveLength(1);
  });
});

describe('Incident Tools', () => {
  test('reads by three operations, which only list and get', () => {
    const ours = tools.nodes.filter(({ type }) => type.startsWith('n8n-nodes-incident-pipeline.'));
    expect(ours.map(({ parameters }) => parameters)).toEqual([
      { resource: 'approval', operation: 'getAll', limit: 20 },
      { resource: 'incident', operation: 'get', incident: expect.anything() as unknown },
      { resource: 'quarantine', operation: 'getAll' },
    ]);
    expect(new Set(tools.nodes.map(kind))).toEqual(
      new Set(['stickyNote', 'executeWorkflowTrigger', 'switch', 'k8sQuarantine', 'set']),
    );
  });

  test('goes the way that a tool names, and none for another name', () => {
    const { rules, options } = nodeOf(tools, 'Which Tool?')?.parameters as {
      rules: { values: { conditions: { conditions: { rightValue: string }[] } }[] };
      options: object;
    };
    expect(rules.values.flatMap(({ conditions }) => conditions.conditions.map(({ rightValue }) => rightValue))).toEqual(
      ['list-waiting', 'get-incident', 'list-quarantines'],
    );
    expect(options).toEqual({ fallbackOutput: 'none' });
    expect(after(tools, 'Which Tool?')).toEqual([['List Approvals'], ['Get Incident'], ['List Quarantines']]);
  });

  const given = (node: string, items: object[]) =>
    evaluateInEngine(nodeOf(tools, node)?.parameters.jsonOutput, items as IDataObject[]) as Promise<
      Record<string, unknown>
    >;
  const long = 'x'.repeat(5000);

  test('gives of the incidents that wait what a person needs to choose, and where they decide', async () => {
    const approvals = new ApprovalsInMemory();
    const approval = summaryOf(await requestApproval(approvals, { alert: alertOnPod('a') }, new Date()));
    const all = await given('Waiting Incidents', [{ approval, waiting: 7 }]);
    expect(all).toMatchObject({ waiting: 7, incidents: [{ subject: approval.about, decideAt: PAGE }] });
    const many = Array.from({ length: 20 }, () => ({ approval: { ...approval, about: long, why: long, rule: long } }));
    expect(JSON.stringify(await given('Waiting Incidents', many)).length).toBeLessThan(20_000);
    expect(await given('Waiting Incidents', [{ approvals: 0 }])).toEqual({ waiting: 0, incidents: [] });
  });

  test('gives of one incident a few bounded fields, and where people decide if it waits', async () => {
    const incident = summaryOfIncident(recordsWith(long));
    const one = await given('Incident', [{ incident }]);
    expect(one).toMatchObject({ incident: incident.name, state: incident.state, decision: 'quarantine_pod' });
    expect(JSON.stringify(one).length).toBeLessThan(6_000);
    const waits = { ...incident, approvals: [{ name: 'a', state: 'Waiting', by: null }] };
    expect(await given('Incident', [{ incident: waits }])).toHaveProperty('decideAt', PAGE);
    expect(await given('Incident', [{ incident: { ...incident, approvals: [] } }])).not.toHaveProperty('decideAt');
  });

  test('gives at most twenty pods in quarantine', async () => {
    const quarantine = {
      namespace: 'shop',
      name: 'web-1',
      state: 'Quarantined',
      pod: 'intact',
      gaps: [],
      reason: long,
    };
    const { quarantined, pods } = await given(
      'Quarantines',
      Array.from({ length: 30 }, () => ({ quarantine })),
    );
    const shown = { pod: 'shop/web-1', podNow: 'intact', reason: 'x'.repeat(200) };
    expect([quarantined, pods]).toEqual([
      30,
      Array.from({ length: 20 }, () => expect.objectContaining(shown) as object),
    ]);
    expect(await given('Quarantines', [{ quarantined: 0 }])).toEqual({ quarantined: 0, pods: [] });
  });

  test.each(['Waiting Incidents', 'Incident', 'Quarantines'])('says by %s what the problem is', async (node) => {
    expect(await given(node, [{ tool: 'x', problem: 'there is no Incident a. Look.' }])).toEqual({
      problem: 'there is no Incident a. Look.',
    });
    expect(await given(node, [{ error: long }])).toEqual({ problem: 'x'.repeat(600) });
  });
});
