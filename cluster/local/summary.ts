import { APPROVALS_URL } from './n8n/n8n.js';
import { CACHE } from './paths.js';
import type { Stack } from './stack.js';
import { duration } from './steps/duration.js';
import type { Started } from './up.js';

/** Where n8n is and how to get in. */
export function loginTo({ urls, login }: Stack): string {
  return `${urls.n8n}  ${login.email} / ${login.password}`;
}

/** A command, or what else to do, and what it is for. */
type Hint = readonly [command: string, what: string];

/** What a person can try, the nearest first. */
const TO_TRY: readonly Hint[] = [
  ['./deploy.sh --local --alert pod-delete-test', "send an alert and follow it to the pod's end"],
  ['./deploy.sh --local --alert escalate-test', 'decide yourself, on the page for approvals'],
  ['./deploy.sh --local --scenario critical-cve', 'follow a report to a fix in code'],
  ['./deploy.sh --local --scenario shell-in-pod', 'follow a report that no code fixes'],
];
const CHANGE: Hint = ['open Incident Pipeline in n8n', 'change a node, then send the alert again'];
const STATUS: Hint = ['./deploy.sh --local --status', 'see how each part is'];
const DOWN: Hint = ['./deploy.sh --local --down', 'stop everything'];

/** What a command was about, which is not offered again. */
interface Done {
  kind: 'alert' | 'scenario';
  name: string;
}

/** Three things to try, and how to look and to end it. */
export function next(done?: Done): string {
  const others = TO_TRY.filter(([command]) => !command.endsWith(`--${done?.kind ?? ''} ${done?.name ?? ''}`));
  const toTry = done?.kind === 'alert' ? [...others.slice(0, 2), CHANGE] : others.slice(0, 3);
  const lines = (rows: readonly Hint[]): string => rows.map(([what, why]) => `  ${what.padEnd(43)} ${why}`).join('\n');
  return `Try next:\n${lines(toTry)}\n\n${lines([STATUS, DOWN])}`;
}

/** Where to look after an alert, without the token. */
export const addresses = (stack: Stack, name: string): string => `
  n8n           ${loginTo(stack)}
  Approvals     ${APPROVALS_URL}
  Prometheus    ${stack.urls.prometheus}
  Logs          ${stack.logs}

${next({ kind: 'alert', name })}
`;

/** What --down stopped, and what it left or removed in which folders. */
export function stopped(folders: string[], purged: boolean): string {
  if (folders.length === 0) return 'The stack is stopped. It left nothing.';
  const where = folders.join(' and ');
  return purged
    ? `The stack is stopped, and its data removed: ${where}. Programs for later starts stay in ${CACHE}.`
    : `The stack is stopped. Its data stays in ${where}; --down --purge removes it.`;
}

/** What a person needs next. The only place where the token is shown. */
export function summary({ stack, token }: Started): string {
  const { urls, model } = stack;
  const decider =
    model === null
      ? 'Decisions come from the playbook: no model is configured (OPENAI_API_KEY or OPENAI_BASE_URL, and OPENAI_MODEL).'
      : `Decisions come from the model ${model}, within policy; from the playbook where it fails.`;
  return `
The stack is up. This took ${duration(performance.now() / 1000)}.

  n8n           ${loginTo(stack)}
  Approvals     ${APPROVALS_URL}
  Prometheus    ${urls.prometheus}
  Pushgateway   ${urls.pushgateway}
  Loki          ${urls.loki}   (an API, no page)
  Kubernetes    ${urls.kubernetes}   KUBECONFIG=${stack.kubeconfig}
  Logs          ${stack.logs}

  The responder's token, until ${token.expires.toISOString()}:
  ${token.value}

  ${decider}
  Workflows that need a mail server, Slack, PagerDuty or Pulumi are imported and not published: give them credentials first.

${next()}
`;
}
