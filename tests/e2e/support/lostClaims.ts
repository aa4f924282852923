import { kubernetesClaims } from '../../../adapters/kubernetes/resources/neoTasks';
import type { ClaimStore } from '../../../app/neo/ports';
import { creation } from '../../../adapters/neo/tasks';
import { URLS } from '../../../cluster/local/process/ports';
import { ACCOUNT } from '../../../cluster/local/simulators/example';
import type { Stack } from '../../../cluster/local/stack';
import { until } from '../../../cluster/local/process/wait';
import type { Claim } from '../../../core/remediation/claim';
import { reference } from '../../../core/remediation/prompt';
import { REVIEW_SECONDS } from './neo';
import { connectResponder } from './responder';

export interface LostClaims {
  claims: ClaimStore;
  /** Of the first Neo has the task. */
  ids: [string, string];
  task: string;
}

/** Two claims whose makers died: of one Neo has the task. */
export async function loseClaims(stack: Stack): Promise<LostClaims> {
  const claims = kubernetesClaims(await connectResponder(stack));
  const claimedAt = new Date(Date.now() - 6 * 60_000);
  const ids: [string, string] = [`found-${claimedAt.getTime()}`, `lost-${claimedAt.getTime()}`];
  const task = await neoTask(ids[0], claimedAt);
  for (const id of ids) await claims.claim(claimOf(id, claimedAt));
  return { claims, ids, task };
}

/** A task that somebody asked for and never heard of. */
async function neoTask(id: string, at: Date): Promise<string> {
  const wanted = {
    content: `${reference(id)}\n\nFind the cause.`,
    repository: { host: 'github.com', org: 'acme', name: 'platform' },
    stack: null,
    approvalMode: 'auto',
    permissionMode: 'read-only',
    planMode: false,
    integrations: [],
  } as const;
  const answer = await fetch(`${URLS.neo}/api/preview/agents/${ACCOUNT.organization}/tasks`, {
    method: 'POST',
    headers: {
      authorization: `token ${ACCOUNT.pulumiToken}`,
      accept: 'application/vnd.pulumi+8',
      'content-type': 'application/json',
    },
    body: JSON.stringify(creation(wanted, at)),
  });
  return ((await answer.json()) as { taskId: string }).taskId;
}

function claimOf(incident: string, claimedAt: Date) {
  const alert = {
    id: incident,
    source: 'falco',
    trust: 'kernel',
    status: 'firing',
    rule: 'Terminal shell in container',
    priority: 'notice',
    time: claimedAt.toISOString(),
    receivedAt: claimedAt.toISOString(),
    target: null,
    targetProblem: 'made for a test',
    tags: [],
    infrastructure: {},
    fields: {},
    output: '',
    fingerprint: incident,
    synthetic: false,
  };
  return {
    incident,
    fingerprint: incident,
    claimedAt: claimedAt.toISOString(),
    organization: ACCOUNT.organization,
    repository: 'github.com/acme/platform',
    stack: '',
    promptVersion: 'test',
    item: JSON.stringify({ alert }),
  };
}

/** A claim of which nothing is left to be done. */
export const settledClaim = (claims: ClaimStore, id: string): Promise<Claim> =>
  until(`the claim of ${id}`, REVIEW_SECONDS, async () => {
    const claim = await claims.find(id);
    return claim?.status.settledAt === undefined ? undefined : claim;
  });
