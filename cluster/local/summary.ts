import { APPROVALS_URL } from './n8n/n8n.js';
import type { Stack } from './stack.js';
import type { Started } from './up.js';

/** Where n8n is and how to get in. */
export function loginTo({ urls, login }: Stack): string {
  return `${urls.n8n}   ${login.email} / ${login.password}`;
}

/** What a person needs next. The only place where the token is shown. */
export function summary({ stack, token }: Started): string {
  const { urls, model } = stack;
  const decider =
    model === null
      ? 'Decisions come from the playbook: no model is configured (OPENAI_API_KEY or OPENAI_BASE_URL, and OPENAI_MODEL).'
      : `Decisions come from the model ${model}, within policy; from the playbook where it fails.`;
  return `
The stack is up.

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

Next:
  ./deploy.sh --local --alert pod-delete-test   send an alert and follow it
  ./deploy.sh --local --status                  see how each part is
  ./deploy.sh --local --down                    stop everything
`;
}
