import { withIncidentAlerts } from '../core/alert/pagerDutyAlerts';
import { reportedFinding } from '../core/alert/finding';
import { normaliseAlerts } from '../core/alert/normalise';
import { type Alert, alertSchema } from '../core/incident/alert';
import { ALL_PRIORITIES } from '../core/incident/priority';
import { alertOf, RECEIVED_AT } from './support/alerts';
import { evaluate } from './support/expression';
import { linkOf } from './support/incidents';
import { report } from './support/reports';
import { loadWorkflow } from './support/workflows';
import { account, ROUTING_KEY } from './simulators/support/pagerduty';

const { nodes, connections } = loadWorkflow('notify-pagerduty');
const node = (name: string) => nodes.find((candidate) => candidate.name === name);
const link = linkOf();

const itemOf = (state: string, alert: Alert = alertOf('escalate-test', { incident: link })) => ({
  alert,
  outcome: { state, reason: 'a person has to look at it' },
});
const eventOf = (item: object): Record<string, unknown> => ({
  ...(evaluate(node('Send Event')?.parameters.jsonBody, { json: item }) as object),
  routing_key: ROUTING_KEY,
});
const mayNotify = (item: object): unknown => {
  const { conditions } = node('Filter Notifications')?.parameters as {
    conditions: { conditions: { leftValue: string }[] };
  };
  return conditions.conditions.map(({ leftValue }) => evaluate(leftValue, { json: item }));
};

type Account = Awaited<ReturnType<typeof account>>;
let simulated: Account;
beforeEach(async () => {
  simulated = await account();
});
afterEach(() => simulated.pagerDuty.close());
const send = async (item: object): Promise<void> => {
  expect((await simulated.send(eventOf(item))).status).toBe(202);
};
const incidentsThere = () =>
  simulated.pagerDuty.state().incidents.map(({ key, status, alerts }) => ({ key, status, alerts: alerts.length }));

describe('Notify PagerDuty: an incident is one incident of PagerDuty', () => {
  test('from its first event that waits for a person until it is settled, under its name as dedup key', async () => {
    await send(itemOf('Waiting'));
    await send(itemOf('Waiting', alertOf('escalate-test', { incident: { ...link, pass: 2, why: 'joined' } })));
    expect(incidentsThere()).toEqual([{ key: link.name, status: 'triggered', alerts: 1 }]);
    await send(itemOf('Contained'));
    expect(incidentsThere()).toEqual([{ key: link.name, status: 'acknowledged', alerts: 1 }]);
    await send(itemOf('Settled'));
    expect(incidentsThere()).toEqual([{ key: link.name, status: 'resolved', alerts: 1 }]);
  });

  test('and another one for another incident', async () => {
    await send(itemOf('Waiting'));
    const other = { ...link, name: `incident-${'1'.repeat(32)}` };
    await send(itemOf('Waiting', alertOf('escalate-test', { incident: other })));
    expect(incidentsThere()).toHaveLength(2);
  });

  test('under its id where nothing keeps incidents', async () => {
    const alert = alertOf('escalate-test');
    await send(itemOf('Waiting', alert));
    expect(incidentsThere()).toMatchObject([{ key: alert.id }]);
  });

  test('is never opened by one that needs nobody', async () => {
    for (const state of ['Contained', 'Settled']) await send(itemOf(state));
    expect(incidentsThere()).toEqual([]);
  });

  test.each(ALL_PRIORITIES)('of the priority %s is valid', async (priority) => {
    await send(itemOf('Waiting', alertOf('escalate-test', { priority })));
    expect(incidentsThere()).toHaveLength(1);
  });

  test('about anything, with texts as long as an alert keeps them, is valid', async () => {
    const subject = { kind: 'Bucket', namespace: null, name: 'b'.repeat(253) };
    const alert = alertOf('escalate-test', { target: null, subject, rule: 'r'.repeat(1000), infrastructure: {} });
    await send(itemOf('Waiting', alert));
    expect(incidentsThere()).toHaveLength(1);
  });
});

describe('Notify PagerDuty: what comes back names the same finding', () => {
  const comesBack = async (alert: Alert): Promise<Alert> => {
    await send(itemOf('Waiting', alert));
    const id = simulated.pagerDuty.state().incidents.at(-1)?.id ?? '';
    const { alerts } = (await simulated.rest('GET', `/incidents/${id}/alerts?limit=100`)).body as { alerts: unknown[] };
    const [incident] = normaliseAlerts(report('pagerduty-triggered'), RECEIVED_AT, 'pagerDuty').alerts;
    if (incident === undefined) throw new Error('there is no incident');
    return withIncidentAlerts(incident, alerts);
  };

  test.each<[string, Alert]>([
    ["of Falco's", alertOf('escalate-test', { incident: link })],
    ["of Falco's without a pod", alertSchema.parse({ ...alertOf('escalate-test'), finding: undefined, target: null })],
    ['of another source', alertSchema.parse({ ...alertOf('escalate-test'), finding: undefined, source: 'trivy' })],
  ])('%s', async (_what, alert) => {
    const there = await comesBack(alert);
    expect(there.finding).toBeDefined();
    expect(there.finding).toEqual(reportedFinding(alert));
  });

  test('and where the code is', async () => {
    const infrastructure = { git_repo: 'https://github.com/acme/shop', pulumi_stack: 'production' };
    expect((await comesBack(alertOf('escalate-test', { infrastructure }))).infrastructure).toEqual(infrastructure);
  });
});

describe('Notify PagerDuty leaves out', () => {
  test.each<[string, object]>([
    ['a self-test', itemOf('Waiting', alertOf('escalate-test', { synthetic: true }))],
    ["an incident of PagerDuty's own", itemOf('Waiting', alertOf('escalate-test', { source: 'pagerduty' }))],
    [
      'what the bound on notifications leaves out',
      itemOf('Waiting', alertOf('escalate-test', { incident: { ...link, notify: false } })),
    ],
    ['an item without an outcome', { alert: alertOf('escalate-test') }],
  ])('%s', (_what, item) => {
    expect(mayNotify(item)).toEqual([false]);
  });

  test('nothing else, and no end', () => {
    expect(mayNotify(itemOf('Waiting'))).toEqual([true]);
    expect(mayNotify(itemOf('Waiting', alertOf('escalate-test')))).toEqual([true]);
    const beyond = alertOf('escalate-test', { incident: { ...link, notify: false } });
    for (const state of ['Contained', 'Settled']) expect(mayNotify(itemOf(state, beyond))).toEqual([true]);
  });
});

test('Notify PagerDuty has its key in a credential, and its callers are off until a person enables them', () => {
  expect(node('Send Event')?.parameters).toMatchObject({
    authentication: 'genericCredentialType',
    genericAuthType: 'httpCustomAuth',
  });
  expect(connections['Filter Notifications']?.main).toEqual([[expect.objectContaining({ node: 'Send Event' })]]);
  for (const [id, before, outputs] of [
    ['incident-pipeline', 'Record Outcome', 2],
    // What ends this workflow is what its caller gets, so that it comes last.
    ['carry-out-decision', 'Record Outcome', 2],
  ] as const) {
    const caller = loadWorkflow(id);
    expect(caller.nodes.find(({ name }) => name === 'Notify PagerDuty')).toMatchObject({ disabled: true });
    const links = caller.connections[before]?.main ?? [];
    expect(links).toHaveLength(outputs);
    for (const to of links) expect(to).toContainEqual(expect.objectContaining({ node: 'Notify PagerDuty' }));
  }
});
