import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expireApprovals } from '../app/approvals';
import { requestApproval } from '../app/requestApproval';
import { DECISIONS } from '../core/incident/decision';
import { PAGERDUTY_PATH, WEBHOOK_PATH } from '../core/names';
import { decidedItems } from '../core/response/decidedItem';
import { K8sQuarantine } from '../nodes/K8sQuarantine/K8sQuarantine.node';
import { RESOURCES } from '../nodes/K8sQuarantine/resources';
import { NeoTask } from '../nodes/NeoTask/NeoTask.node';
import { OPERATIONS as NEO_OPERATIONS } from '../nodes/NeoTask/operations';
import { alertOnPod, ApprovalsInMemory } from './support/approvals';
import { evaluate } from './support/expression';
import { ROOT } from './support/manifests';
import { NODES } from './support/ours';
import { loadWorkflow } from './support/workflows';

const workflow = loadWorkflow('incident-pipeline');
const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  name: string;
  n8n: { nodes: string[]; credentials: string[] };
};

/** What the parameters `resource` and `operation` of a node can be. */
const OPERATIONS_OF: Readonly<Record<string, readonly string[]>> = {
  k8sQuarantine: RESOURCES.flatMap(({ value: resource, operations }) =>
    operations.map(({ value }) => `${resource}: ${value}`),
  ),
  neoTask: NEO_OPERATIONS.map(({ value }) => value),
  lokiPush: ['log', 'sendWaiting', 'readFalco', 'readIncident'],
  pushgatewayMetrics: ['count', 'showAgain'],
};
const operationOf = ({ resource, operation }: Record<string, unknown>) =>
  resource === undefined ? String(operation) : `${resource as string}: ${operation as string}`;

const node = (name: string) => workflow.nodes.find((candidate) => candidate.name === name);
const after = (name: string, output = 0) => (workflow.connections[name]?.main?.[output] ?? []).map((link) => link.node);

/** Everything that can come after a node. */
function reachable(name: string, seen = new Set<string>()): Set<string> {
  for (const outputs of workflow.connections[name]?.main ?? []) {
    for (const { node: next } of outputs) {
      if (!seen.has(next)) reachable(next, seen.add(next));
    }
  }
  return seen;
}

describe.each(readdirSync(join(ROOT, 'workflows')))('%s', (file) => {
  const { id, nodes, connections, ...rest } = loadWorkflow(file.replace('.json', ''));

  test("has its file's name as its id", () => {
    expect(`${id}.json`).toBe(file);
  });

  test('knows nodes of ours by the name a real install gives them, with parameters and operations that exist', () => {
    for (const { type, typeVersion, parameters } of nodes.filter(({ type }) => type.startsWith(`${manifest.name}.`))) {
      const description = NODES.find((candidate) => type.endsWith(`.${candidate.description.name}`))?.description;
      expect([description?.version].flat()).toContain(typeVersion);
      for (const name of Object.keys(parameters))
        expect(description?.properties.map((property) => property.name)).toContain(name);
      if (parameters.operation !== undefined)
        expect(OPERATIONS_OF[description?.name ?? '']).toContain(operationOf(parameters));
    }
  });

  test('connects only nodes that exist, and none twice', () => {
    const names = nodes.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const [from, kinds] of Object.entries(connections)) {
      expect(names).toContain(from);
      for (const { node: to } of Object.values(kinds).flat(2)) expect(names).toContain(to);
    }
  });

  test('holds no credentials, and no pinned data but the sample', () => {
    expect(nodes.filter(({ credentials }) => credentials !== undefined)).toEqual([]);
    // tests/pinnedSample.test.ts
    if (id !== 'incident-pipeline') expect(rest).toHaveProperty('pinData', {});
  });
});

test.each([
  ['K8s Quarantine', new K8sQuarantine()],
  ['Neo Task', new NeoTask()],
])('every operation of %s can be chosen, and every one that can is there', (_name, { description }) => {
  const offered = description.properties
    .filter(({ name }) => name === 'operation')
    .flatMap(({ displayOptions, options = [] }) =>
      options.map((option) =>
        operationOf({
          resource: displayOptions?.show?.resource?.[0],
          operation: 'value' in option ? option.value : undefined,
        }),
      ),
    );
  expect(offered.toSorted()).toEqual(OPERATIONS_OF[description.name]?.toSorted());
  expect(new Set(offered).size).toBe(offered.length);
});

describe('the pipeline', () => {
  test('uses every node of ours', () => {
    const ours = workflow.nodes.filter(({ type }) => type.startsWith(`${manifest.name}.`));
    expect(new Set(ours.map(({ type }) => type))).toEqual(
      new Set(NODES.map(({ description }) => `${manifest.name}.${description.name}`)),
    );
  });

  test('has the model there, disabled, for both agents', () => {
    expect(node('Chat Model')).toMatchObject({ disabled: true, type: '@n8n/n8n-nodes-langchain.lmChatOpenAi' });
    expect(workflow.connections['Chat Model']?.ai_languageModel?.[0]?.map((link) => link.node)).toEqual([
      'ROSES Agent',
      'RACE Agent',
    ]);
  });

  test('has one branch for each decision', () => {
    expect(DECISIONS.map((_decision, output) => after('RACE Agent', output))).toEqual([
      ['Delete Pod'],
      ['Quarantine Pod'],
      ['Count Incident'],
      ['Record Event'],
    ]);
  });

  test.each([
    ...DECISIONS.map((_decision, output) => ['RACE Agent', output] as const),
    ['Get Context', 1],
    ['Delete Pod', 1],
    ['Quarantine Pod', 1],
    ['Record Event', 1],
    ['Count Incident', 1],
  ] as const)('counts and logs whatever leaves %s by output %d', (from, output) => {
    const names = after(from, output).flatMap((name) => [name, ...reachable(name)]);
    expect(names).toContain('Log Incident');
    if (from !== 'Count Incident') expect(names).toContain('Count Incident');
  });

  test('notes how a pass ended after it was counted and logged, so that one that was cut off is found', () => {
    for (const output of [0, 1]) expect(after('Count Incident', output)).toEqual(['Log Incident']);
    expect(after('Log Incident')).toEqual(['Record Outcome']);
    expect(node('Log Incident')?.onError).toBeUndefined();
  });

  test('needs no expression on the way from the alert to containment', () => {
    for (const name of [
      'Security Alert Trigger',
      'Get Context',
      'Contain First',
      'ROSES Agent',
      'RACE Agent',
      'Delete Pod',
      'Quarantine Pod',
    ]) {
      expect(JSON.stringify(node(name)?.parameters)).not.toContain('"=');
    }
    expect(node('Security Alert Trigger')?.parameters.path).toBe(WEBHOOK_PATH);
  });

  test('notifies of every escalation, whether or not its Event and its Approval were made', () => {
    expect([...reachable('RACE Agent')]).toContain('Notify the Team');
    for (const output of [0, 1]) expect(after('Request Approval', output)).toContain('Notify the Team');
  });
});

/** A workflow's nodes and ways, by their names. */
function ways(id: string) {
  const { nodes, connections } = loadWorkflow(id);
  const next = (name: string, output = 0) => (connections[name]?.main?.[output] ?? []).map((link) => link.node);
  const all = (name: string, seen = new Set<string>()): Set<string> => {
    for (const { node: to } of (connections[name]?.main ?? []).flat()) if (!seen.has(to)) all(to, seen.add(to));
    return seen;
  };
  return { named: (name: string) => nodes.find((candidate) => candidate.name === name), next, all };
}

test('a pod is isolated before anything is counted or reported', () => {
  const height = (name: string) => node(name)?.position[1] ?? 0;
  // n8n follows the highest first.
  for (const act of ['Delete Pod', 'Quarantine Pod'])
    for (const later of ['Count Incident', 'Record Event']) expect(height(act)).toBeLessThan(height(later));
});

test('a message asks about what is open before it fails for what is not', () => {
  const { named } = ways('incident-approval-message');
  const height = (name: string) => named(name)?.position[1] ?? 0;
  expect(height('Settings')).toBeLessThan(height('Stop: Not Open'));
  expect(height('For Each Pod')).toBeLessThan(height('Stop: Not Recorded'));
});

describe('Notify', () => {
  const { named, next } = ways('notify');

  test('posts nothing to anybody until a URL is set', () => {
    expect(named('Post to Chat')).toMatchObject({ disabled: true, parameters: { url: '' } });
    expect(next('When Called')).toEqual(['Filter Notifications']);
    expect(next('Filter Notifications')).toEqual(['Post to Chat']);
  });
});

describe('Record Incident', () => {
  const { named, next } = ways('record-incident');

  test('logs an incident that could not be counted, too', () => {
    expect(next('When Called')).toEqual(['Count Incident']);
    expect(named('Count Incident')?.onError).toBe('continueErrorOutput');
    for (const output of [0, 1]) expect(next('Count Incident', output)).toEqual(['Log Incident']);
  });
});

describe('Deliver Outputs', () => {
  const { named, next } = ways('deliver-outputs');

  test('shows the counts, of waiting lines too, after the lines were sent, and also if they could not be', () => {
    expect(next('Every Minute')).toEqual(['Send Waiting Log Lines']);
    expect(named('Send Waiting Log Lines')).toMatchObject({
      parameters: { operation: 'sendWaiting' },
      onError: 'continueRegularOutput',
    });
    expect(next('Send Waiting Log Lines')).toEqual(['Push Counts Again']);
    expect(named('Push Counts Again')?.parameters).toEqual({ operation: 'showAgain' });
  });
});

describe('Reconcile', () => {
  const { named, next } = ways('reconcile');
  /** n8n follows the highest first, to its end. */
  const height = (name: string) => named(name)?.position[1] ?? 0;

  test('starts the pipeline for each missed alert by itself, before it fails for what was not admitted', () => {
    expect(next('Every 5 Minutes')).toContain("Read Falco's Output");
    expect(next("Read Falco's Output")).toEqual(['Admit Missed Alerts']);
    expect(next('Admit Missed Alerts', 0)).toEqual(['For Each Alert']);
    expect(next('For Each Alert', 1)).toEqual(['Start Pipeline']);
    expect(next('Admit Missed Alerts', 1)).toEqual(['Stop: Not Admitted']);
    expect(named('Start Pipeline')?.parameters).toMatchObject({ options: { waitForSubWorkflow: false } });
    expect(height('For Each Alert')).toBeLessThan(height('Stop: Not Admitted'));
  });

  test('goes on with the next portion once one is started, of what was missed and of what was cut off', () => {
    expect(next('For Each Alert', 0)).toEqual(["Read Falco's Output"]);
    expect(next('For Each Restart', 0)).toEqual(['Restart Alerts']);
  });

  test('starts again what was cut off, before it asks Loki, which may not answer', () => {
    expect(next('Every 5 Minutes').toSorted((one, other) => height(one) - height(other))).toEqual([
      'Get Backlog',
      'Restart Alerts',
      'Retry Decisions',
      "Read Falco's Output",
    ]);
    expect(next('Restart Alerts', 0)).toEqual(['For Each Restart']);
    expect(next('For Each Restart', 1)).toEqual(['Start Pipeline Again']);
    expect(named('Start Pipeline Again')?.parameters).toEqual(named('Start Pipeline')?.parameters);
    expect(next('Retry Decisions', 0)).toEqual(['Nobody Decided?']);
    expect(next('Nobody Decided?', 1)).toEqual(['Carry Out Decision']);
    // So that a message that fails keeps no decision from being carried out.
    expect(height('Carry Out Decision')).toBeLessThan(height('Count Incident'));
    expect(height('Nobody Decided?')).toBeLessThan(height('Record Event'));
  });

  test('measures what is not decided yet, and does its work if it cannot', () => {
    expect(next('Get Backlog', 0)).toEqual(['Count Backlog']);
    for (const name of ['Get Backlog', 'Count Backlog'])
      expect(named(name)).toMatchObject({ onError: 'continueRegularOutput' });
  });

  test('reports what nobody decided in time, and notes it after the message', async () => {
    expect(next('Nobody Decided?', 0)).toEqual(next('Request Approval', 0));
    const approvals = new ApprovalsInMemory();
    const { spec } = await requestApproval(approvals, { alert: alertOnPod('a') }, new Date());
    const [expired] = await expireApprovals(approvals, new Date(spec.expiresAt));
    const { decision } = (expired === undefined ? [] : decidedItems(expired))[0] as { decision: object };
    const [condition] = (
      named('Nobody Decided?')?.parameters.conditions as { conditions: { leftValue: string; rightValue: string }[] }
    ).conditions;
    expect(evaluate(condition?.leftValue, { json: { decision } })).toBe(condition?.rightValue);
  });

  test('leaves to a person what was started as often as it may be, counts and logs it, and notifies before it notes so', () => {
    for (const name of ['Restart Alerts', 'Retry Decisions']) expect(next(name, 1)).toEqual(['Record Event']);
    for (const output of [0, 1]) {
      expect(next('Record Event', output)).toEqual(['Request Approval']);
      // A message that fails ends the execution, so that the incident does not say that somebody was notified.
      const steps = next('Request Approval', output);
      expect(steps.toSorted((one, other) => height(one) - height(other))).toEqual([
        'Count Incident',
        'Notify the Team',
        'Record Outcome',
      ]);
      expect(next('Count Incident', output)).toEqual(['Log Incident']);
    }
    expect(next('Log Incident')).toEqual([]);
    expect(named('Notify the Team')).not.toHaveProperty('onError');
    expect(named('Notify the Team')?.parameters).toMatchObject({ options: {} });
  });

  test('lets no failed step hide: nothing continues on an error', () => {
    for (const name of [
      "Read Falco's Output",
      'Admit Missed Alerts',
      'Start Pipeline',
      'Restart Alerts',
      'Retry Decisions',
    ])
      expect(named(name)).not.toHaveProperty('onError');
  });

  test('takes missed alerts for reports until a person says who writes to Loki', () => {
    expect(named('Admit Missed Alerts')?.parameters).toEqual({ resource: 'incident', operation: 'admitMissed' });
  });

  test('has the pipeline read the context of a late alert as of any other', () => {
    const pipeline = ways('incident-pipeline');
    expect(pipeline.next('On Late Alert')).toEqual(pipeline.next('Security Alert Trigger'));
  });
});

describe('Quarantine Review', () => {
  const review = loadWorkflow('quarantine-review');
  const { named, next } = ways('quarantine-review');
  const before = (name: string): string[] =>
    Object.entries(review.connections).flatMap(([from, { main = [] }]) =>
      main.flat().some(({ node: to }) => to === name) ? [from] : [],
    );

  test('notes that a person was notified after the message, and stops when the message fails', () => {
    const height = (name: string) => named(name)?.position[1] ?? 0;
    for (const [from, notify, confirm] of [
      ['Request Approval', 'Notify of Quarantines', 'Mark Quarantines Reported'],
      ['Get Due Exceptions', 'Notify of Exceptions', 'Mark Exceptions Reported'],
      ['Expire Approvals', 'Notify of Approvals', 'Record Outcome'],
    ] as const) {
      expect(next(from, 1)).toEqual(expect.arrayContaining([notify, confirm]));
      expect(before(confirm)).toEqual([from]);
      // n8n follows the highest first, to its end.
      expect(height(notify)).toBeLessThan(height(confirm));
      expect(named(notify)).not.toHaveProperty('onError');
      expect(named(notify)?.parameters).toMatchObject({ workflowId: { value: 'notify' }, options: {} });
    }
    expect(next('Request Approval', 0)).toEqual(next('Request Approval', 1));
  });

  test('prunes nothing that it has not logged: the only way to Prune is by a log that stops when it fails', () => {
    expect(before('Prune Records')).toEqual(['Log Last Line']);
    expect(before('Log Last Line')).toEqual(['Get Expired Records']);
    expect(next('Log Last Line')).toEqual(['Prune Records']);
    expect(named('Log Last Line')).not.toHaveProperty('onError');
  });

  test('prunes in executions of its own, so that a Loki that fails keeps nobody from reviewing quarantines', () => {
    expect(before('Get Expired Records')).toEqual(['Every Hour']);
    expect(next('Every Hour')).toEqual(['Get Expired Records']);
    expect(next('Every 15 Minutes')).not.toContain('Get Expired Records');
  });

  test('fails for what could not be pruned, after everything else was', () => {
    expect(next('Prune Records', 1)).toEqual(['Stop: Not Pruned']);
    expect(next('Get Expired Records', 1)).toEqual(['Stop: Not Pruned']);
    const y = (name: string) => named(name)?.position[1] ?? 0;
    // n8n goes the upper branch to its end first.
    expect(y('Log Last Line')).toBeLessThan(y('Stop: Not Pruned'));
  });
});

describe('Pipeline Failure', () => {
  const { named, next, all } = ways('pipeline-failure');

  test('records a failure, even when a part of the record fails', () => {
    expect(named('On Failure')?.type).toBe('n8n-nodes-base.errorTrigger');
    expect([...all('On Failure')]).toEqual(
      expect.arrayContaining(['Count Failure', 'Log Failure', 'Record Failure Event', 'Notify the Team']),
    );
    for (const name of ['Count Failure', 'Log Failure']) expect(named(name)?.onError).toBe('continueRegularOutput');
    for (const output of [0, 1]) expect(next('Record Failure Event', output)).toContain('Keep First per Hour');
  });

  test('notifies of a node once an hour, and each time if n8n cannot remember it', () => {
    const first = named('Keep First per Hour');
    expect(next('Keep First per Hour')).toEqual(['Notify the Team']);
    expect(first).toMatchObject({ onError: 'continueRegularOutput' });
    const keyOf = (id: string, lastNodeExecuted: string) =>
      evaluate(first?.parameters.dedupeValue, { json: { workflow: { id }, execution: { lastNodeExecuted } } });
    expect(keyOf('reconcile', 'Count Incident')).toMatch(/^reconcile Count Incident \d{4}-\d\d-\d\dT\d\d$/);
    expect(new Set([keyOf('a', 'Count Incident'), keyOf('b', 'Count Incident'), keyOf('a', 'Log Incident')]).size).toBe(
      3,
    );
  });

  test('fails where n8n shows it when a part of the record failed, after a person was notified', () => {
    for (const output of [0, 1]) expect(next('Record Failure Event', output)).toContain('Record Incomplete?');
    // n8n follows the highest first.
    expect(named('Keep First per Hour')?.position[1]).toBeLessThan(named('Record Incomplete?')?.position[1] ?? 0);
    expect(next('Record Incomplete?')).toEqual(['Stop: Not Recorded']);
    const failure = { execution: {}, workflow: { name: 'Incident Pipeline' } };
    expect(messageOf({ ...failure, error: 'Loki did not answer' })).toContain('Incident Pipeline');
    expect(messageOf({ ...failure, escalation: { event: null, problem: 'no API server' } })).toContain('no API server');
  });

  const messageOf = (json: object) => evaluate(named('Stop: Not Recorded')?.parameters.errorMessage, { json });
});

describe("the pipeline's way to a fix", () => {
  const { named, next } = ways('incident-pipeline');

  test('is off until somebody wants it, and then comes after people were told', () => {
    const fix = named('Open Neo Task');
    expect(fix).toMatchObject({ disabled: true, onError: 'continueRegularOutput' });
    for (const [name, output] of [
      ['Delete Pod', 0],
      ['Quarantine Pod', 0],
      ['Request Approval', 0],
      ['Request Approval', 1],
    ] as const) {
      const others = next(name, output);
      expect(others).toContain('Open Neo Task');
      // n8n follows the highest first.
      for (const other of others.filter((one) => one !== 'Open Neo Task'))
        expect(named(other)?.position[1]).toBeLessThan(fix?.position[1] ?? 0);
    }
    // Not for what is ignored.
    expect(next('RACE Agent', 2)).toEqual(['Count Incident']);
  });
});

describe('from PagerDuty to Neo', () => {
  const { named, next } = ways('pagerduty-to-neo');

  test("takes PagerDuty's webhooks at the path that is documented", () => {
    expect(named('On PagerDuty Incident')?.parameters).toEqual({ sender: 'pagerDuty', path: PAGERDUTY_PATH });
  });

  test('asks Neo in the safest modes, with every setting from the node Settings', () => {
    const { operation, ...chosen } = named('Open Neo Task')?.parameters ?? {};
    const { infrastructure, repositories, stacks, environments, directory, ...rest } = chosen as Record<
      string,
      unknown
    >;
    expect({ operation, rest }).toEqual({ operation: 'create', rest: {} });
    const settings = JSON.stringify(named('Settings')?.parameters);
    const filled = JSON.stringify([infrastructure, repositories, stacks, environments, directory]);
    const used = [...filled.matchAll(/settings\.(\w+)/g)];
    expect(used).toHaveLength(11);
    for (const [name] of used) expect(settings).toContain(`"${name}"`);
  });

  test('keeps no execution in n8n, since what PagerDuty answers holds command lines as they were', () => {
    const text = readFileSync(join(ROOT, 'workflows/pagerduty-to-neo.json'), 'utf8');
    expect(JSON.parse(text)).toMatchObject({
      settings: {
        saveDataSuccessExecution: 'none',
        saveDataErrorExecution: 'none',
        saveManualExecutions: false,
        saveExecutionProgress: false,
      },
    });
  });

  test('reports what leaves Neo Task by task or person, one incident at a time', () => {
    for (const name of ['Open Neo Task', 'Get Tasks to Report'])
      for (const output of [0, 1]) expect(next(name, output)).toEqual(['For Each Task']);
    expect(next('For Each Task', 1)).toEqual(['Report Task']);
    expect(named('Report Task')).toMatchObject({ onError: 'continueErrorOutput' });
    // A copy of an incident that has its task is told nothing.
    expect(next('Open Neo Task', 2)).toEqual([]);
  });

  test('fails for what was not reported, after everything else was', () => {
    expect(next('For Each Task', 0)).toEqual(['Not Reported?']);
    expect(next('Not Reported?')).toEqual(['Stop: Not Reported']);
    const { conditions } = named('Not Reported?')?.parameters.conditions as Rule['conditions'];
    const left = (json: object) => conditions.map(({ leftValue }) => evaluate(leftValue, { json }));
    expect(left({ alert: { id: 'a' }, response: {} })).toEqual(['']);
    expect(left({ alert: { id: 'a' }, error: 'no such user' })).toEqual(['no such user']);
  });

  test("names each incident of which nobody was told: n8n's Stop And Error runs for the first item only", () => {
    const input = ['P1', 'P2'].map((id) => ({
      alert: { id: `alert-${id}`, fields: { 'incident.id': id } },
      error: { message: 'no such user' },
    }));
    expect(evaluate(named('Stop: Not Reported')?.parameters.errorMessage, { json: {}, input })).toBe(
      'The Neo task of incident P1 was not reported: no such user [incident alert-P1]; ' +
        'The Neo task of incident P2 was not reported: no such user [incident alert-P2]',
    );
  });

  test('hands over what PagerDuty answered of the alerts, or why it did not', () => {
    expect(named('Get Incident Alerts')?.onError).toBe('continueRegularOutput');
    const incident = { alert: { id: 'a' }, settings: { git_repo: 'r' } };
    const handed = (json: object) =>
      evaluate(named('Attach Alerts')?.parameters.jsonOutput, { json, nodes: { Settings: incident } });
    expect(handed({ alerts: [{ id: 'A1' }] })).toEqual({ ...incident, incidentAlerts: [{ id: 'A1' }] });
    expect(handed({ error: { message: '503' } })).toEqual({ ...incident, alertsProblem: '503' });
    expect(handed({ error: 'no answer' })).toEqual({ ...incident, alertsProblem: 'no answer' });
    // The node refuses what is no list.
    expect(handed({})).toEqual({ ...incident, incidentAlerts: null });
  });
});

describe('who hears of a Neo task', () => {
  const { named, next, all } = ways('neo-task-report');

  test("PagerDuty gets the incident's state first, and only what it took counts as reported", () => {
    for (const name of ['Update Status', 'Reassign Incident']) {
      expect(next(name)).toEqual(['Post Note']);
      expect(named(name)?.onError).toBe('continueRegularOutput');
    }
    expect(named('Post Note')?.onError).toBeUndefined();
    expect([...all('Post Note')]).toEqual(['Restore Item', 'Mark as Reported', 'Record Incident']);
  });

  test('assigns before it acknowledges, since PagerDuty triggers a reassigned incident again', () => {
    expect(next('Assign to Neo')).toEqual(['Update Status']);
    expect(named('Assign to Neo')?.onError).toBe('continueRegularOutput');
  });

  test.each([
    ['pagerduty', 'running', 'neo', 'Assign to Neo'],
    ['pagerduty', 'running', '', 'Update Status'],
    ['pagerduty', 'fixed', 'neo', 'Update Status'],
    ['pagerduty', 'fixed', '', 'Update Status'],
    ['pagerduty', 'not_fixed', 'neo', 'Reassign Incident'],
    ['pagerduty', 'not_fixed', '', 'Post Note'],
    ['pagerduty', 'refused', 'neo', 'Post Note'],
    ['falco', 'running', 'neo', 'Mark as Reported'],
    ['falco', 'fixed', 'neo', 'Record Event'],
    ['falco', 'refused', '', 'Record Event'],
  ])('a task of %s that is %s with the Neo user %j leads to %s', (source, state, neoUserId, to) => {
    const task = { state, ...(state === 'refused' ? {} : { id: 'task' }) };
    const { rules } = named('Route by Change')?.parameters as { rules: { values: Rule[] } };
    const first = rules.values.findIndex(({ conditions: { conditions } }) =>
      conditions.every(({ leftValue }) =>
        evaluate(leftValue, { json: { alert: { source }, response: { task }, settings: { neoUserId } } }),
      ),
    );
    expect(next('Route by Change', first === -1 ? rules.values.length : first)).toEqual([to]);
  });

  test.each([
    ['running', 'acknowledged'],
    ['fixed', 'resolved'],
  ])("PagerDuty's status for a task that is %s is %s", (state, status) => {
    const { updateFields } = named('Update Status')?.parameters as { updateFields: { status: string } };
    expect(evaluate(updateFields.status, { json: {}, nodes: { Settings: { response: { task: { state } } } } })).toBe(
      status,
    );
  });

  test('every incident comes back to the caller, whose loop would else end', () => {
    const { rules, options } = named('Route by Change')?.parameters as { rules: { values: Rule[] }; options: object };
    expect(options).toMatchObject({ fallbackOutput: 'extra' });
    const outputs = [...rules.values.keys(), rules.values.length];
    for (const output of outputs) {
      const [first = ''] = next('Route by Change', output);
      expect([first, ...all(first)]).toContain('Mark as Reported');
    }
    expect(next('Mark as Reported')).toEqual(['Record Incident']);
    expect(named('Mark as Reported')).not.toHaveProperty('onError');
    expect(named('Record Incident')?.parameters).toMatchObject({ options: { waitForSubWorkflow: false } });
  });

  test('an incident of no PagerDuty leaves a Kubernetes Event', () => {
    for (const output of [0, 1]) expect(next('Record Event', output)).toEqual(['Mark as Reported']);
  });
});

/** A rule of a Switch node. */
interface Rule {
  conditions: { conditions: { leftValue: string }[] };
}

describe('each node', () => {
  test.each(NODES.map(({ description }) => [description.displayName, description] as const))(
    '%s has subtitle, icon pair and codex file',
    (_name, { name, subtitle, icon }) => {
      const folder = join(ROOT, 'nodes', name.charAt(0).toUpperCase() + name.slice(1));
      expect(subtitle).not.toBe('');
      for (const file of Object.values(icon as { light: `file:${string}`; dark: `file:${string}` })) {
        expect(readFileSync(join(folder, file.replace('file:', '')), 'utf8')).toContain('<svg');
      }
      const codex = JSON.parse(
        readFileSync(join(folder, `${name.charAt(0).toUpperCase() + name.slice(1)}.node.json`), 'utf8'),
      ) as object;
      expect(codex).toMatchObject({ node: `${manifest.name}.${name}`, resources: expect.anything() as unknown });
    },
  );

  test('is named in package.json, and so is each credential it needs', () => {
    expect(manifest.n8n.nodes).toHaveLength(NODES.length);
    const credentials = NODES.flatMap(({ description }) => description.credentials ?? []).map(({ name }) => name);
    for (const name of credentials)
      expect(manifest.n8n.credentials.map((file) => file.toLowerCase()).join()).toContain(
        `/${name.toLowerCase()}.credentials.js`,
      );
  });
});
