import { randomUUID } from 'node:crypto';

import type { Stack } from '../cluster/local/stack.js';
import { up } from '../cluster/local/up.js';
import { SECRET_HEADER, WEBHOOK_PATH } from '../core/names.js';
import { settleIncidents } from '../tests/e2e/support/incidents.js';
import { N8n, type WorkflowJson, type WorkflowNode } from '../tests/e2e/support/n8n.js';
import { type HostileBody, hostileBodies } from '../tests/support/hostileBodies.js';
import { percentile } from './percentile.js';
import { Playground } from './playground.js';
import { withoutModel } from './scale/playedModel.js';

/** Of the names of workflows that belong to the benchmark. */
const PREFIX = 'bench hostile ';
const REPORTS_PATH = 'bench-reports';
const TRIGGER = 'Security Alert Trigger';
/** What a report goes through until it is decided; what follows asks people. */
const UNTIL_DECIDED = [TRIGGER, 'Get Context', 'Contain First', 'ROSES Agent', 'RACE Agent'];
/** Alerts before the first that counts, each beside a report. */
const WARM_UP = 5;
/** How many reports are named in the end. */
const SLOWEST = 5;

/**
 * Contains alerts of Falco's in quiet and beside a hostile report, in turns, and prints both times.
 * @param rounds how often each of the reports is sent
 */
export async function meanwhile(kib: number, rounds: number): Promise<void> {
  withoutModel();
  const { stack } = await up();
  const secret = randomUUID();
  const n8n = await N8n.connect(stack);
  await n8n.deleteWorkflows(PREFIX);
  await n8n.activate(await reportsWorkflow(n8n, stack, secret, kib), REPORTS_PATH);
  const playground = await Playground.open(stack);
  try {
    const bodies = hostileBodies(kib * 900).filter(({ sender }) => sender === 'reports');
    const beside = async ({ body }: HostileBody, round: number): Promise<number> => {
      // No report is a repeat, which would start nothing.
      await settleIncidents(stack);
      // Other bytes each time, since a copy is answered without being read.
      const bytes = JSON.stringify(body) + ' '.repeat(round);
      let answered: Promise<unknown> = Promise.resolve();
      const ms = await playground.contain(WEBHOOK_PATH, () => {
        answered = postReport(stack, secret, bytes);
      });
      await answered;
      return ms;
    };
    // n8n compiles and loads more for its first executions, those of either workflow.
    for (const body of bodies.slice(0, WARM_UP)) await beside(body, rounds);
    const quiet: number[] = [];
    const times = new Map<string, number[]>();
    for (let round = 0; round < rounds; round++) {
      for (const body of bodies) {
        quiet.push(await playground.contain(WEBHOOK_PATH));
        times.set(body.name, [...(times.get(body.name) ?? []), await beside(body, round)]);
      }
    }
    print(quiet, times);
  } finally {
    await playground.close();
    await n8n.deleteWorkflows(PREFIX);
    await n8n.deleteCredentials();
  }
}

/** The incident pipeline up to its decision, with a trigger that takes reports under a secret of its own. */
async function reportsWorkflow(n8n: N8n, stack: Stack, secret: string, kib: number): Promise<WorkflowJson> {
  const { nodes, connections, settings } = await n8n.workflow(stack.workflowId);
  const id = await n8n.createCredential('securityReportSecretApi', { secret });
  const kept = nodes.filter(({ name }) => UNTIL_DECIDED.includes(name));
  return {
    name: `${PREFIX}reports`,
    settings,
    nodes: kept.map((node) =>
      node.name === TRIGGER
        ? {
            ...node,
            webhookId: REPORTS_PATH,
            parameters: { ...node.parameters, sender: 'reports', path: REPORTS_PATH, maxKib: kib },
            credentials: {
              ...cluster(node.credentials),
              securityReportSecretApi: { id, name: 'bench reports' },
            },
          }
        : node,
    ),
    connections: Object.fromEntries(
      Object.entries(connections)
        .filter(([from]) => UNTIL_DECIDED.includes(from))
        .map(([from, outputs]) => [
          from,
          Object.fromEntries(
            Object.entries(outputs).map(([type, lists]) => [
              type,
              lists.map((targets) => targets.filter(({ node }) => UNTIL_DECIDED.includes(node))),
            ]),
          ),
        ]),
    ),
  };
}

/** Without the secret of another sender, with which the trigger would not start. */
function cluster({ kubernetesResponderApi }: WorkflowNode['credentials'] = {}): NonNullable<
  WorkflowNode['credentials']
> {
  return kubernetesResponderApi === undefined ? {} : { kubernetesResponderApi };
}

async function postReport(stack: Stack, secret: string, body: string): Promise<void> {
  const answer = await fetch(`${stack.urls.n8n}/webhook/${REPORTS_PATH}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', [SECRET_HEADER]: secret },
    body,
  });
  if (answer.status === 401 || answer.status >= 500)
    throw new Error(`the hostile report was answered with ${answer.status}: ${await answer.text()}`);
  await answer.arrayBuffer();
}

function print(quiet: readonly number[], beside: ReadonlyMap<string, readonly number[]>): void {
  const all = [...beside.values()].flat();
  const row = (name: string, share: number) => {
    const [alone, among] = [percentile(quiet, share), percentile(all, share)];
    return `  ${name}   in quiet ${alone.toFixed(1).padStart(7)} ms   beside a hostile report ${among.toFixed(1).padStart(7)} ms   ratio ${(among / alone).toFixed(2)}`;
  };
  console.log(
    `\nFalco alert POSTed → pod labelled, ${quiet.length} alerts each\n${row('p50', 0.5)}\n${row('p99', 0.99)}`,
  );
  const slowest = [...beside].map(([name, times]) => ({
    name,
    p50: percentile(times, 0.5),
    worst: Math.max(...times),
  }));
  for (const { name, p50, worst } of slowest.toSorted((a, b) => b.p50 - a.p50).slice(0, SLOWEST))
    console.log(`  p50 ${p50.toFixed(1).padStart(7)} ms, worst ${worst.toFixed(1).padStart(7)} ms beside ${name}`);
}
