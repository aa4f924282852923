import { responseSchema } from '../core/incident/response';
import { readIncident } from '../core/incident/incident';
import { decide } from '../core/policy/decide';
import { playbook } from '../core/policy/playbook';
import { RECEIVED_AT } from './support/alerts';
import { credentialsOf } from './support/canvas/credentials';
import { SAMPLE_POD, sampleRun } from './support/sampleRun';
import { loadWorkflow } from './support/workflows';

const workflow = loadWorkflow('incident-pipeline');
const pinned = Object.entries(workflow.pinData);

describe('the sample that is pinned in the pipeline', () => {
  test("is what the core makes of Falcosidekick's recorded alert", () => {
    expect(workflow.pinData).toEqual(JSON.parse(JSON.stringify(sampleRun())));
  });

  test('stands in for every node that needs a credential or calls a workflow, so that a run by hand needs and changes nothing', () => {
    const outside = workflow.nodes.filter(
      (node) => credentialsOf(node).length > 0 || node.type === 'n8n-nodes-base.executeWorkflow',
    );
    const running = outside.filter(({ name, disabled }) => disabled !== true && !(name in workflow.pinData));
    expect(outside.length).toBeGreaterThan(10);
    expect(running).toEqual([]);
  });

  test('leaves analysis and decision to the nodes, which isolate by it', () => {
    for (const name of ['ROSES Agent', 'RACE Agent']) expect(workflow.pinData).not.toHaveProperty(name);
    const { alert, context } = readIncident(workflow.pinData['Contain First']?.[0]?.json ?? {});
    const { decision } = readIncident(workflow.pinData['Quarantine Pod']?.[0]?.json ?? {});
    const run = decision?.run;
    if (run === undefined) throw new Error('the sample has no decision');
    const proposal = playbook(alert, context);
    expect(decide({ proposal, alert, context, mode: 'autonomous', run, now: RECEIVED_AT }).decision).toBe(
      'quarantine_pod',
    );
  });

  test.each(pinned)('is about no pod there is, and marked as a self-test, in %s', (_name, items) => {
    expect(items).toHaveLength(1);
    const { alert, context, response } = readIncident(items[0]?.json ?? {});
    expect(alert.target).toMatchObject(SAMPLE_POD);
    expect(alert.synthetic).toBe(true);
    if (context !== undefined) expect(context).toMatchObject({ pod: { uid: SAMPLE_POD.podUid } });
    if (response !== undefined)
      expect(responseSchema.parse(response)).toMatchObject({ outcome: 'dry_run', changed: [], contained: null });
  });
});
