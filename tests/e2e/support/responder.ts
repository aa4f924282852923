import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { clusterOf } from '../../../adapters/kubernetes/cluster';
import type { ActionOptions } from '../../../app/action';
import { connect, type KubernetesAccess, type KubernetesClient } from '../../../adapters/kubernetes/api/client';
import { perform } from '../../../app/perform';
import type { Stack } from '../../../cluster/local/stack';
import type { Action } from '../../../core/incident/actions';
import type { ActionResponse } from '../../../core/incident/response';
import type { Incident } from '../../../core/incident/incident';

/** Access to the stack's API server as the responder's ServiceAccount: every operation is tested under its rights. */
export function responderAccess({ logs, urls, caCertificate }: Stack): KubernetesAccess {
  const { value } = JSON.parse(readFileSync(join(logs, '../token.json'), 'utf8')) as { value: string };
  return {
    server: urls.kubernetes,
    certificate: { text: readFileSync(caCertificate, 'utf8') },
    token: { text: value },
  };
}

/** The certificate authority and the token of an access, which here are texts. */
export const caOf = ({ certificate }: KubernetesAccess): string => ('text' in certificate ? certificate.text : '');
export const tokenOf = ({ token }: KubernetesAccess): string => ('text' in token ? token.text : '');

/** Without watches, which would keep the test's process alive: they are tested where n8n is the one that acts. */
export function connectResponder(stack: Stack): Promise<KubernetesClient> {
  return connect(responderAccess(stack), { watch: false });
}

export const OPTIONS: ActionOptions = {
  dryRun: false,
  mode: 'autonomous',
  readopt: false,
  evidenceMs: 2000,
  // Shorter than in the product: a test of an outage waits for its end at each call.
  outageMs: 2000,
  now: () => new Date(),
};

/** Runs one action as K8s Quarantine does. */
export function run(
  action: Action,
  client: KubernetesClient,
  incident: Incident,
  options: Partial<ActionOptions> = {},
): Promise<ActionResponse> {
  return perform(action, clusterOf(client), incident, { ...OPTIONS, ...options });
}
