import { loadWorkflow, type Workflow } from './support/workflows';

const form = loadWorkflow('incident-approval');
const byMessage = loadWorkflow('incident-approval-message');
const carryOut = loadWorkflow('carry-out-decision');
const pipeline = loadWorkflow('incident-pipeline');

const nodeOf = ({ nodes }: Workflow, name: string) => nodes.find((node) => node.name === name);
const after = ({ connections }: Workflow, name: string, output: number) =>
  (connections[name]?.main?.[output] ?? []).map(({ node }) => node);
const before = ({ connections }: Workflow, name: string) =>
  Object.entries(connections).flatMap(([from, { main = [] }]) =>
    main.flatMap((links, output) => (links.some(({ node }) => node === name) ? [`${from} ${output}`] : [])),
  );

function reachable(workflow: Workflow, name: string, seen = new Set<string>()): Set<string> {
  for (const { node } of (workflow.connections[name]?.main ?? []).flat())
    if (!seen.has(node)) reachable(workflow, node, seen.add(node));
  return seen;
}

describe.each([
  ['incident-approval', form],
  ['incident-approval-message', byMessage],
])('%s', (id, workflow) => {
  test('has that id, no credentials, and connects only nodes that exist', () => {
    expect(workflow.id).toBe(id);
    const names = workflow.nodes.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const [from, { main = [] }] of Object.entries(workflow.connections)) {
      expect(names).toContain(from);
      for (const { node } of main.flat()) expect(names).toContain(node);
    }
    expect(workflow.nodes.filter(({ credentials }) => credentials !== undefined)).toEqual([]);
  });

  test('decides only on what a person has submitted', () => {
    expect(before(workflow, 'Record Decision')).toEqual(['Decided? 0']);
    expect(before(workflow, 'Decided?')).toEqual(['Read Decision 0']);
    const [asking = ''] = before(workflow, 'Read Decision').map((link) => link.split(' ').slice(0, -1).join(' '));
    expect(['Decide on Incident', 'Ask by E-Mail', 'Ask in Slack']).toContain(asking);
  });

  test('decides on as many pods as the page showed, by what the page was made of', () => {
    const source = workflow === form ? 'Get Approval' : 'Settings';
    const { assignments } = nodeOf(workflow, 'Read Decision')?.parameters.assignments as {
      assignments: { name: string; value: string }[];
    };
    expect(assignments.find(({ name }) => name === 'shown')?.value).toBe(
      `={{ $('${source}').first().json.approval.shown }}`,
    );
    expect(nodeOf(workflow, 'Record Decision')?.parameters).toMatchObject({ shown: '={{ $json.shown }}' });
  });

  test('has each pod acted on by itself', () => {
    expect(after(workflow, 'For Each Pod', 1)).toEqual(['Carry Out Decision']);
    expect(after(workflow, 'Carry Out Decision', 0)).toEqual(['For Each Pod']);
  });

  test('has every decision carried out, and nothing else', () => {
    expect(after(workflow, 'Record Decision', 0)).toEqual(['For Each Pod']);
    expect(before(workflow, 'For Each Pod')).toEqual(['Record Decision 0', 'Carry Out Decision 0']);
    expect(before(workflow, 'Carry Out Decision')).toEqual(['For Each Pod 1']);
  });
});

describe('Carry Out Decision', () => {
  const CARRIED_OUT_BY: Readonly<Record<string, object>> = {
    delete_pod: { resource: 'pod', operation: 'delete' },
    quarantine_pod: { resource: 'pod', operation: 'quarantine' },
    release_pod: { resource: 'quarantine', operation: 'release' },
  };

  test.each(['delete_pod', 'quarantine_pod', 'release_pod', 'nothing'])(
    'records a decision for %s, however it ends, and gives it back',
    (chosen) => {
      const output = ['delete_pod', 'quarantine_pod', 'release_pod', 'nothing'].indexOf(chosen);
      const [next = ''] = after(carryOut, 'Route by Choice', output);
      if (chosen !== 'nothing') {
        expect(nodeOf(carryOut, next)?.parameters).toEqual(CARRIED_OUT_BY[chosen]);
        for (const ending of [0, 1]) {
          expect(after(carryOut, next, ending)).toHaveLength(1);
          for (const way of after(carryOut, next, ending))
            expect([way, ...reachable(carryOut, way)]).toContain('Log Incident');
        }
      }
      expect([next, ...reachable(carryOut, next)]).toContain('Log Incident');
    },
  );

  test('leaves an Event of an action that was refused', () => {
    for (const name of ['Delete Pod', 'Quarantine Pod', 'Release Pod'])
      expect(after(carryOut, name, 1)).toEqual(['Record Event']);
    for (const output of [0, 1]) expect(after(carryOut, 'Record Event', output)).toEqual(['Count Incident']);
  });

  test('notes the outcome after it was counted and logged, so that a decision without one is carried out again', () => {
    for (const output of [0, 1]) expect(after(carryOut, 'Count Incident', output)).toEqual(['Log Incident']);
    expect(nodeOf(carryOut, 'Log Incident')?.onError).toBeUndefined();
    expect(after(carryOut, 'Log Incident', 0)).toEqual(['Record Outcome']);
  });

  test('ends with one node, whose items n8n gives to the caller', () => {
    const names = carryOut.nodes.filter(({ type }) => !type.endsWith('.stickyNote')).map(({ name }) => name);
    expect(names.filter((name) => reachable(carryOut, name).size === 0)).toEqual(['Notify PagerDuty']);
  });
});

describe('the form', () => {
  test('is behind the login of those who may execute the workflow', () => {
    expect(nodeOf(form, 'On Form Submission')).toMatchObject({
      typeVersion: 2.6,
      parameters: { authentication: 'n8nUserAuth', requireExecuteAccess: true },
    });
  });

  test('leaves no page waiting without an end', () => {
    const pages = form.nodes.filter(({ type }) => type === 'n8n-nodes-base.form');
    expect(pages).toHaveLength(9);
    for (const { parameters } of pages)
      expect(parameters).toMatchObject({ limitWaitTime: true, resumeUnit: 'minutes' });
  });

  test('leads from everything that can happen to a page that says so', () => {
    const endings = form.nodes
      .filter(({ parameters }) => parameters.operation === 'completion')
      .map(({ name }) => name);
    for (const [name, outputs] of [
      ['List Approvals', 2],
      ['Any Waiting?', 2],
      ['On the List?', 2],
      ['Decided?', 2],
      ['Record Decision', 2],
      ['For Each Pod', 2],
    ] as const)
      for (let output = 0; output < outputs; output += 1) {
        const ways = after(form, name, output);
        expect(ways).not.toEqual([]);
        for (const way of ways)
          expect([way, ...reachable(form, way)].some((next) => endings.includes(next))).toBe(true);
      }
  });
});

describe.each(['Ask by E-Mail', 'Ask in Slack'])('%s', (name) => {
  // With n8n's response type "approval" the mere opening of the link decides: whatever scans mails would.
  test('sends a link to a page, and nothing of the alert that is not escaped', () => {
    const { parameters } = nodeOf(byMessage, name) ?? {};
    expect(parameters).toMatchObject({ operation: 'sendAndWait', responseType: 'customForm' });
    // n8n puts the message into the page as it is when there is no description.
    expect(parameters).toHaveProperty('options.responseFormDescription', expect.stringMatching(/^Your decision/));
    expect(parameters).toHaveProperty('options.limitWaitTime.values.maxDateAndTime', '={{ $json.approval.expiresAt }}');
  });
});

test('by message, pods that joined after the page was made are asked about again', () => {
  expect(after(byMessage, 'For Each Pod', 0)).toEqual(['More Pods Waiting?']);
  expect(after(byMessage, 'More Pods Waiting?', 0)).toEqual(['Get Approval']);
  expect(nodeOf(byMessage, 'More Pods Waiting?')).toMatchObject({ executeOnce: true });
});

test('one channel is enabled, and the other hands on what it got', () => {
  const channels = ['Ask by E-Mail', 'Ask in Slack'];
  expect(channels.filter((name) => nodeOf(byMessage, name)?.disabled !== true)).toEqual(['Ask by E-Mail']);
  expect(before(byMessage, 'Ask by E-Mail')).toEqual(['Settings 0']);
  expect(before(byMessage, 'Ask in Slack')).toEqual(['Ask by E-Mail 0']);
});

test('the pipeline asks by message only when somebody enables it, and after everything else', () => {
  expect(nodeOf(pipeline, 'Ask by Message')).toMatchObject({
    disabled: true,
    parameters: { workflowId: { value: byMessage.id }, options: { waitForSubWorkflow: false } },
  });
  // By the other output there is no Approval to decide.
  expect(before(pipeline, 'Ask by Message')).toEqual(['Request Approval 0']);
  expect(reachable(pipeline, 'Ask by Message').size).toBe(0);
});
