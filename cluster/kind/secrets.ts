/**
 * Reads the Secrets that deploy.sh made before (a List in JSON, or nothing) from standard input and writes all that the
 * cluster needs to standard output. What is there is kept, so that a second run changes nothing; nothing touches a disk.
 */
import { text } from 'node:stream/consumers';
import { z } from 'zod/v4';
import { NAMESPACES, SECRET_HEADER } from '../../core/names.js';
import { IN_CLUSTER } from '../shared/n8n/credentials.js';
import { credentials } from '../local/n8n/credentials.js';
import { messageOf, StackError } from '../local/errors.js';
import { makeSecrets, OWNER_EMAIL, randomSecret, type Secrets } from '../local/secrets.js';
import { publishedIds, workflowsFor } from '../local/n8n/workflows.js';
import { modelFor, remembered } from './model.js';
import { isFresh, makeMutualTls } from './tls.js';

/** The Service that the chart makes for the release falco. */
const FALCOSIDEKICK = `falco-falcosidekick.${NAMESPACES.falco}`;

/** deploy.sh asks for those it made by this label. */
const MADE_BY = { 'app.kubernetes.io/managed-by': 'deploy.sh' };

const list = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ namespace: z.string(), name: z.string() }),
      data: z.record(z.string(), z.string()).default({}),
    }),
  ),
});

type Values = Record<string, string>;

/** What a Secret of this name held, decoded; empty if there was none. */
type Known = (namespace: string, name: string) => Partial<Values>;

function readKnown(input: string): Known {
  const { items } = input.trim() === '' ? { items: [] } : list.parse(JSON.parse(input));
  return (namespace, name) => {
    const found = items.find(({ metadata }) => metadata.namespace === namespace && metadata.name === name);
    return Object.fromEntries(
      Object.entries(found?.data ?? {}).map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]),
    );
  };
}

function secret(namespace: string, name: string, stringData: Values) {
  const data = Object.fromEntries(
    Object.entries(stringData).map(([key, value]) => [key, Buffer.from(value).toString('base64')]),
  );
  return { apiVersion: 'v1', kind: 'Secret', metadata: { namespace, name, labels: MADE_BY }, data };
}

async function n8nSecrets(known: Known): Promise<Omit<Secrets, 'databasePassword' | 'redisPassword'>> {
  const { ownerPassword, ownerPasswordHash, webhookSecret, encryptionKey } = known(NAMESPACES.responder, 'n8n');
  const made = await makeSecrets();
  const owner =
    ownerPassword === undefined || ownerPasswordHash === undefined
      ? { password: made.password, passwordHash: made.passwordHash }
      : { password: ownerPassword, passwordHash: ownerPasswordHash };
  return {
    ...owner,
    webhookSecret: webhookSecret ?? made.webhookSecret,
    encryptionKey: encryptionKey ?? made.encryptionKey,
  };
}

/** What n8n imports when it starts. */
async function imported(known: Known, webhookSecret: string): Promise<Values> {
  const model = modelFor(process.env, known(NAMESPACES.responder, 'n8n-import'));
  const available = credentials({ ...IN_CLUSTER, webhookSecret, model });
  const workflows = await workflowsFor(available, model);
  return {
    'credentials.json': JSON.stringify(available),
    'workflows.json': JSON.stringify(workflows),
    published: publishedIds(false)
      .map((id) => `${id}\n`)
      .join(''),
    ...remembered(model),
  };
}

async function mutualTls(known: Known, now: Date) {
  const [server, client] = [known(NAMESPACES.falco, 'falcosidekick-tls'), known(NAMESPACES.falco, 'falco-client-tls')];
  if (isFresh(server['server.crt'], now) && isFresh(client['client.crt'], now))
    return { server: server as Values, client: client as Values };
  const made = await makeMutualTls(FALCOSIDEKICK, 'falco', now);
  return {
    server: { 'ca.crt': made.authority, 'server.crt': made.server.certificate, 'server.key': made.server.key },
    client: { 'ca.crt': made.authority, 'client.crt': made.client.certificate, 'client.key': made.client.key },
  };
}

async function wanted(known: Known, now: Date) {
  const { password, passwordHash, webhookSecret, encryptionKey } = await n8nSecrets(known);
  const { server, client } = await mutualTls(known, now);
  const grafana = known(NAMESPACES.monitoring, 'grafana-admin');
  const ui = known(NAMESPACES.falco, 'falcosidekick-ui');
  return [
    secret(NAMESPACES.responder, 'n8n', {
      ownerEmail: OWNER_EMAIL,
      ownerPassword: password,
      ownerPasswordHash: passwordHash,
      webhookSecret,
      encryptionKey,
    }),
    secret(NAMESPACES.responder, 'n8n-import', await imported(known, webhookSecret)),
    secret(NAMESPACES.falco, 'falcosidekick-webhook', { WEBHOOK_CUSTOMHEADERS: `${SECRET_HEADER}:${webhookSecret}` }),
    secret(NAMESPACES.falco, 'falcosidekick-tls', server),
    secret(NAMESPACES.falco, 'falco-client-tls', client),
    secret(NAMESPACES.falco, 'falcosidekick-ui', {
      FALCOSIDEKICK_UI_USER: ui.FALCOSIDEKICK_UI_USER ?? `admin:${randomSecret()}`,
    }),
    secret(NAMESPACES.monitoring, 'grafana-admin', {
      'admin-user': 'admin',
      'admin-password': grafana['admin-password'] ?? randomSecret(),
    }),
  ];
}

async function main(): Promise<void> {
  const known = readKnown(await text(process.stdin));
  const items = await wanted(known, new Date());
  process.stdout.write(JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
}

main().catch((error: unknown) => {
  console.error(`The Secrets were not made: ${messageOf(error)}`);
  if (error instanceof StackError) console.error(error.remedy);
  process.exitCode = 1;
});
