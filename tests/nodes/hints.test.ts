import '../support/engine';

import { type IDataObject, type INodeType, type INodeTypes, NodeHelpers, Workflow } from 'n8n-workflow';

import { K8sQuarantine } from '../../nodes/K8sQuarantine/K8sQuarantine.node';
import { LokiPush } from '../../nodes/LokiPush/LokiPush.node';
import { NeoTask } from '../../nodes/NeoTask/NeoTask.node';
import { PushgatewayMetrics } from '../../nodes/PushgatewayMetrics/PushgatewayMetrics.node';
import { RaceAgent } from '../../nodes/RaceAgent/RaceAgent.node';
import { RosesAgent } from '../../nodes/RosesAgent/RosesAgent.node';
import { SecurityAlertTrigger } from '../../nodes/SecurityAlertTrigger/SecurityAlertTrigger.node';

/** The hints that n8n's editor shows beside a node, worked out as it does (NodeHelpers of its editor, n8n 2.41). */
function hintsOf(type: INodeType, parameters: IDataObject, input: IDataObject[]): string[] {
  const nodeTypes = {
    getByName: () => type,
    getByNameAndVersion: () => NodeHelpers.getVersionedNodeType(type),
    getKnownTypes: () => ({}),
  } as unknown as INodeTypes;
  const subject = {
    id: 'subject',
    name: 'Subject',
    type: 'subject',
    typeVersion: [type.description.version].flat()[0] ?? 1,
    position: [0, 0] as [number, number],
    parameters: parameters as never,
  };
  const workflow = new Workflow({ id: 'test', active: false, nodeTypes, nodes: [subject], connections: {} });
  return (type.description.hints ?? []).flatMap(({ message, displayCondition }) => {
    if (displayCondition === undefined) return [message];
    const items = input.map((json) => ({ json }));
    let shown: unknown;
    try {
      shown = workflow.expression.getParameterValue(displayCondition, null, 0, 0, 'Subject', items, 'manual', {});
    } catch {
      // Without input the editor cannot work a condition out, and shows nothing.
      return [];
    }
    expect([true, false]).toContain(shown);
    return shown === true ? [message] : [];
  });
}

const incident = { alert: {}, context: { status: 'found' } };

describe("a node's hint speaks only where it applies:", () => {
  test.each<[string, INodeType, IDataObject, IDataObject[], RegExp | null]>([
    ['RACE, with a context', new RaceAgent(), {}, [incident], null],
    ['RACE, without one', new RaceAgent(), {}, [incident, { alert: {} }], /only ignore or escalate/],
    ['RACE, without input', new RaceAgent(), {}, [], null],
    ['ROSES, with an alert', new RosesAgent(), {}, [incident], null],
    ['ROSES, with a raw body', new RosesAgent(), {}, [{ body: {} }], /counts as a report/],
    ['the trigger of Falcosidekick', new SecurityAlertTrigger(), { sender: 'falcosidekick' }, [], /k8s\.pod\.uid/],
    ['the trigger of reports', new SecurityAlertTrigger(), { sender: 'reports' }, [], null],
    ['the trigger of PagerDuty', new SecurityAlertTrigger(), { sender: 'pagerDuty' }, [], null],
    ['a dry run', new K8sQuarantine(), { operation: 'delete', dryRun: true }, [incident], /Dry run/],
    ['what acts', new K8sQuarantine(), { operation: 'delete' }, [incident], null],
    // n8n keeps the switch of the operation that was chosen before.
    ['what only reads', new K8sQuarantine(), { operation: 'getContext', dryRun: true }, [incident], null],
    ['Neo that asks', new NeoTask(), { operation: 'create' }, [incident], null],
    [
      'Neo that asks nobody',
      new NeoTask(),
      { operation: 'create', approvalMode: 'auto', permissionMode: 'default' },
      [incident],
      /without asking/,
    ],
    ['Loki Push', new LokiPush(), {}, [incident], null],
    ['Pushgateway Metrics', new PushgatewayMetrics(), {}, [incident], null],
  ])('%s', (_what, type, parameters, input, shown) => {
    expect(hintsOf(type, parameters, input)).toEqual(shown === null ? [] : [expect.stringMatching(shown) as string]);
  });
});
