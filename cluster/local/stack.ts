import { z } from 'zod/v4';
import { CA_CERTIFICATE } from './kubernetes/certificates.js';
import { StackError } from './errors.js';
import { readIfThere, writePrivate } from './files.js';
import { WEBHOOK_URL } from './n8n/n8n.js';
import { AUDIT_LOG, KUBECONFIG, LOGS, statePath, USER_FOLDER } from './paths.js';
import type { Plan } from './plan.js';
import { URLS } from './process/ports.js';
import { OWNER_EMAIL } from './secrets.js';
import { MAIN_WORKFLOW } from '../shared/n8n/workflow.js';

const FILE = statePath('stack.json');

/** What a program needs to use the running stack. For its owner's eyes: it holds secrets, though never the token. */
const stack = z.object({
  urls: z.object({
    n8n: z.string(),
    webhook: z.string(),
    prometheus: z.string(),
    pushgateway: z.string(),
    loki: z.string(),
    kubernetes: z.string(),
  }),
  login: z.object({ email: z.string(), password: z.string() }),
  webhookSecret: z.string(),
  kubeconfig: z.string(),
  caCertificate: z.string(),
  auditLog: z.string(),
  logs: z.string(),
  n8nUserFolder: z.string(),
  workflowId: z.string(),
  /** Whether n8n runs in queue mode. */
  scaled: z.boolean(),
  /** Who decides: a model's name, or null for the playbook. */
  model: z.string().nullable(),
});

export type Stack = z.infer<typeof stack>;

export function stackOf({ secrets, model, profile }: Plan): Stack {
  const { n8n, prometheus, pushgateway, loki, kubernetes } = URLS;
  return {
    urls: { n8n, webhook: WEBHOOK_URL, prometheus, pushgateway, loki, kubernetes },
    login: { email: OWNER_EMAIL, password: secrets.password },
    webhookSecret: secrets.webhookSecret,
    kubeconfig: KUBECONFIG,
    caCertificate: CA_CERTIFICATE,
    auditLog: AUDIT_LOG,
    logs: LOGS,
    n8nUserFolder: USER_FOLDER,
    workflowId: MAIN_WORKFLOW,
    scaled: profile.name === 'scaled',
    model: model?.name ?? null,
  };
}

export const saveStack = (value: Stack): Promise<void> =>
  writePrivate(FILE, `${JSON.stringify(value, undefined, 2)}\n`);

export async function loadStack(): Promise<Stack> {
  const text = await readIfThere(FILE);
  if (text === undefined) throw new StackError('There is no stack yet.', 'Start it: ./deploy.sh --local');
  return stack.parse(JSON.parse(text));
}
