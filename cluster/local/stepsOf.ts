import { expectedBuild, expectedInstallation } from './build/expected.js';
import { installProject } from './build/npmProject.js';
import { obtain } from './build/obtain.js';
import { type Part, serversIn } from './build/servers.js';
import { connect } from './kubernetes/client.js';
import { startCluster } from './kubernetes/start.js';
import { ensureToken, type Token } from './kubernetes/token.js';
import { prepareMonitoring } from './monitoring.js';
import { forgetImport } from './n8n/import.js';
import { assertNodes } from './n8n/nodeCheck.js';
import { installNodes, packNodes, shareNodes } from './n8n/nodePackage.js';
import { startN8n } from './n8n/start.js';
import { USER_FOLDER } from './paths.js';
import { n8nProcesses, type Plan, withServers } from './plan.js';
import { startAndWait } from './process/startAndWait.js';
import { prepare } from './process/supervisor.js';
import { saveProfile } from './profile.js';
import { prepareQueue } from './queue/queue.js';
import { configureSimulators } from './simulators/component.js';
import type { Step } from './steps/steps.js';

/** The steps to a running stack. */
export interface Steps {
  /** Up to an n8n that decides and acts. */
  deciding: Step[];
  /** Loki and Prometheus, after what they share the processors with. */
  monitoring: Step[];
  /** The responder's token, once n8n has started. */
  token: () => Token;
}

/** What has to be done for a plan, and what each step waits for. */
export async function stepsOf(plan: Plan): Promise<Steps> {
  let token: Token | undefined;
  const supervisor: Step = { title: 'Install the process manager', run: prepare };
  const nodes: Step = { title: 'Build and pack the nodes', run: async () => void (await packNodes()) };
  const n8n: Step = {
    title: 'Install n8n',
    expected: await expectedInstallation(),
    run: () => installProject('n8n'),
  };
  // One after the other: each build by itself uses every core.
  const pushgateway = await obtaining(plan, 'pushgateway', []);
  const kubernetes = await obtaining(plan, 'kubernetes', [pushgateway]);
  const prometheus = await obtaining(plan, 'prometheus', [kubernetes]);
  const loki = await obtaining(plan, 'loki', [prometheus]);

  const cluster: Step = {
    title: 'Start Kubernetes',
    after: [supervisor, kubernetes],
    run: async () => startCluster((await withServers(plan)).servers),
  };
  const nodesInstalled: Step = {
    title: 'Install the nodes into n8n',
    after: [supervisor, nodes, n8n],
    run: () => install(plan),
  };
  const counters = starting(plan, 'pushgateway', [supervisor, pushgateway]);
  const further = [...stores(plan, supervisor), ...simulators(plan, supervisor)];
  const running: Step = {
    title: 'Start n8n with its workflow and credentials',
    after: [cluster, nodesInstalled, counters, ...further],
    run: async () => {
      token = await ensureToken(connect());
      await startN8n(plan, token.value);
    },
  };
  return {
    deciding: [supervisor, nodes, n8n, pushgateway, kubernetes, cluster, nodesInstalled, counters, ...further, running],
    monitoring: [
      prometheus,
      loki,
      starting(plan, 'prometheus', [supervisor, prometheus], () => prepareMonitoring(plan.n8n, plan.queue)),
      starting(plan, 'loki', [supervisor, loki]),
    ],
    token: () => {
      if (token === undefined) throw new Error('The responder has no token before n8n has started.');
      return token;
    },
  };
}

async function obtaining({ parts, fromSource }: Plan, part: Part, after: Step[]): Promise<Step> {
  if (!parts.includes(part))
    return { title: `${serversIn(part).join(', ')}: on PATH`, after, run: () => Promise.resolve() };
  const isPatient = part === 'prometheus' || part === 'loki';
  return {
    title: `Get ${serversIn(part).join(', ')}`,
    after,
    expected: await expectedBuild(part, fromSource),
    run: (report) => obtain(part, { fromSource, isPatient }, report),
  };
}

function starting(
  plan: Plan,
  name: 'pushgateway' | 'prometheus' | 'loki',
  after: Step[],
  before: () => Promise<void> = () => Promise.resolve(),
): Step {
  return {
    title: `Start ${name}`,
    after,
    run: async () => {
      await before();
      await startAndWait((await withServers(plan)).servers[name]);
    },
  };
}

/** Where n8n keeps everything in queue mode, and its queue. */
function stores({ queue, secrets, n8n }: Plan, supervisor: Step): Step[] {
  if (queue === undefined) return [];
  const run = async (): Promise<void> => {
    if (await prepareQueue(secrets)) await forgetImport(n8n);
    await Promise.all([queue.postgresql, queue.redis].map(startAndWait));
  };
  return [{ title: 'Start PostgreSQL and Redis', after: [supervisor], run }];
}

/** PagerDuty and Neo, before n8n asks for them. */
function simulators({ simulators: component, secrets }: Plan, supervisor: Step): Step[] {
  if (component === undefined) return [];
  const run = async (): Promise<void> => {
    await configureSimulators(secrets.webhookSecret);
    await startAndWait(component);
  };
  return [{ title: 'Start the simulators of PagerDuty and Pulumi Neo', after: [supervisor], run }];
}

/** Installs the nodes for each of n8n's processes; if there are several, loads them as each does. */
async function install(plan: Plan): Promise<void> {
  await saveProfile(plan.profile);
  await installNodes(await packNodes(), USER_FOLDER);
  if (plan.queue === undefined) return;
  for (const { env } of [...plan.queue.webhooks, ...plan.queue.workers])
    await shareNodes(USER_FOLDER, env.N8N_USER_FOLDER ?? '');
  await assertNodes(plan.n8nProject, n8nProcesses(plan));
}
