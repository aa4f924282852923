import { mkdir, readFile } from 'node:fs/promises';
import { CA_CERTIFICATE, ensureCertificates } from './kubernetes/certificates.js';
import type { Component } from './process/component.js';
import { applyContents } from './kubernetes/contents.js';
import { credentials } from './n8n/credentials.js';
import { healthy } from './process/health.js';
import { connect, ensurePlayground } from './kubernetes/client.js';
import { KUBERNETES } from './kubernetes/components.js';
import { verifyImport, webhookRegistered } from './n8n/n8n.js';
import { forgetImport, importChanged } from './n8n/import.js';
import { assertNodes } from './n8n/nodeCheck.js';
import { installNodes, packNodes, shareNodes } from './n8n/nodePackage.js';
import { installProject } from './build/npmProject.js';
import { N8N_TEMPORARY, USER_FOLDER } from './paths.js';
import { componentsOf, makePlan, n8nProcesses, type Plan } from './plan.js';
import { databaseAccess } from './postgresql/component.js';
import { URLS } from './process/ports.js';
import { prepareMonitoring } from './monitoring.js';
import { checkPorts, checkTools, tightness } from './preflight.js';
import { build } from './build/servers.js';
import { saveStack, stackOf, type Stack } from './stack.js';
import { configureSimulators, hasSimulators } from './simulators/component.js';
import { ACCOUNT, SETTINGS } from './simulators/example.js';
import { chooseProfile, saveProfile, type Wanted } from './profile.js';
import { prepareQueue, type Queue } from './queue/queue.js';
import { prepare, processes, start, stop } from './process/supervisor.js';
import { recover } from './process/recover.js';
import { runSteps, type Say } from './tasks.js';
import { ensureToken, type Token } from './kubernetes/token.js';
import { publishedIds, workflowsFor } from './n8n/workflows.js';

export interface Started {
  stack: Stack;
  token: Token;
}

const READY_SECONDS = 90;

/** Brings the whole stack up, from whatever state it is in. Returns when every part of it is healthy. */
export async function up({ simulators = false, ...wanted }: Wanted & { simulators?: boolean } = {}): Promise<Started> {
  // What is written from here on, also by the servers, is for the stack's owner alone.
  process.umask(0o077);
  await mkdir(N8N_TEMPORARY, { recursive: true, mode: 0o700 });
  const profile = await chooseProfile(wanted);
  const plan = await makePlan(profile, simulators || hasSimulators());
  await runSteps([{ title: 'Check the machine', run: (say) => check(plan, say) }]);
  await runSteps(
    [
      { title: 'Build the servers', run: (say) => buildServers(plan, say) },
      { title: 'Install n8n', run: () => installProject('n8n') },
      { title: 'Install the process manager', run: prepare },
      { title: 'Build and pack the nodes', run: async () => void (await packNodes()) },
    ],
    { concurrent: true },
  );
  await saveProfile(profile);
  await prepareMonitoring(plan.n8n, plan.queue);
  await runSteps(
    [
      { title: 'Start Kubernetes', run: () => startCluster(plan) },
      ...(plan.queue === undefined ? [] : [{ title: 'Start PostgreSQL and Redis', run: () => startStores(plan) }]),
      ...[plan.servers.loki, plan.servers.prometheus, plan.servers.pushgateway].map((component) => ({
        title: `Start ${component.name}`,
        run: async () => void (await startAndWait(component)),
      })),
      { title: 'Install the nodes into n8n', run: () => install(plan) },
    ],
    { concurrent: true },
  );
  if (plan.simulators !== undefined) await startSimulators(plan.simulators, plan.secrets.webhookSecret);
  const token = await ensureToken(connect());
  const stack = stackOf(plan);
  await runSteps([{ title: 'Start n8n with its workflow and credentials', run: () => startN8n(plan, token) }]);
  await saveStack(stack);
  return { stack, token };
}

async function check(plan: Plan, say: Say): Promise<void> {
  await checkTools(plan.modules, plan.queue);
  await recover(say);
  await checkPorts(componentsOf(plan));
  const hints = await tightness(plan.modules, plan.queue);
  if (hints.length > 0) say(hints.join('\n'));
}

async function buildServers({ modules }: Plan, say: Say): Promise<void> {
  // One after the other: each build by itself uses every core.
  for (const module of modules)
    await build(module, (packages) => {
      say(`${module}: ${packages} packages compiled`);
    });
}

async function startAndWait(component: Component): Promise<boolean> {
  const started = await start(component);
  await healthy(component, READY_SECONDS);
  return started;
}

/** Where n8n keeps everything in queue mode, and its queue. */
async function startStores({ queue, secrets, n8n }: Plan): Promise<void> {
  if (queue === undefined) return;
  if (await prepareQueue(secrets)) await forgetImport(n8n);
  await Promise.all([queue.postgresql, queue.redis].map(startAndWait));
}

/** Installs the nodes for each of n8n's processes; if there are several, loads them as each does. */
async function install(plan: Plan): Promise<void> {
  await installNodes(await packNodes(), USER_FOLDER);
  if (plan.queue === undefined) return;
  for (const { env } of [...plan.queue.webhooks, ...plan.queue.workers])
    await shareNodes(USER_FOLDER, env.N8N_USER_FOLDER ?? '');
  await assertNodes(plan.n8nProject, n8nProcesses(plan));
}

async function startCluster({ servers }: Plan): Promise<void> {
  if (await ensureCertificates()) for (const name of KUBERNETES) await stop(name);
  for (const name of ['etcd', 'kube-apiserver'] as const) await startAndWait(servers[name]);
  const cluster = connect();
  const rest = ['kube-controller-manager', 'kube-scheduler', 'kwok'] as const;
  await Promise.all([applyContents(cluster), ...rest.map((name) => startAndWait(servers[name]))]);
  await ensurePlayground(cluster);
}

/** PagerDuty and Neo, before n8n asks for them. */
async function startSimulators(simulators: Component, signingSecret: string): Promise<void> {
  const run = async (): Promise<void> => {
    await configureSimulators(signingSecret);
    await startAndWait(simulators);
  };
  await runSteps([{ title: 'Start the simulators of PagerDuty and Pulumi Neo', run }]);
}

async function startN8n(plan: Plan, token: Token): Promise<void> {
  const { n8n, queue, gate, n8nProject, simulators, secrets, model } = plan;
  const available = credentials({
    webhookSecret: secrets.webhookSecret,
    kubernetes: { server: URLS.kubernetes, caCertificate: await readFile(CA_CERTIFICATE, 'utf8'), token: token.value },
    pushgatewayUrl: URLS.pushgateway,
    lokiUrl: URLS.loki,
    model,
    database: queue === undefined ? undefined : databaseAccess(secrets),
    neo:
      simulators === undefined
        ? undefined
        : {
            signingSecret: secrets.webhookSecret,
            pagerDutyToken: ACCOUNT.pagerDutyToken,
            pulumiToken: ACCOUNT.pulumiToken,
            organization: ACCOUNT.organization,
          },
  });
  const workflows = await workflowsFor(available, model, simulators === undefined ? undefined : SETTINGS);
  const published = publishedIds(simulators !== undefined);
  await importChanged(n8n, n8nProject, available, workflows, published);
  // The main process first: the others would only wait for its changes to the database.
  const started = await startAndWait(n8n);
  if (queue !== undefined) await startQueue(queue);
  await startAndWait(gate);
  await webhookRegistered();
  // What runs on has been verified before; n8n allows few logins in a time.
  if (!started) return;
  await verifyImport(n8n, secrets.password, available, published);
}

/** Starts the processes that receive and run, and stops workers that there are too many of. */
async function startQueue({ webhooks, workers }: Queue): Promise<void> {
  await Promise.all([...webhooks, ...workers].map(startAndWait));
  const wanted = new Set<string>(workers.map(({ name }) => name));
  const surplus = (await processes()).filter(({ name }) => name.startsWith('n8n-worker-') && !wanted.has(name));
  await Promise.all(surplus.map(({ name }) => stop(name)));
}
