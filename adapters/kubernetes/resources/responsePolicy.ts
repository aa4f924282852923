import {
  type Configuration,
  type PolicyReading,
  type Reservation,
  type ResponsePolicy,
  responsePolicySchema,
} from '../../../core/incident/responsePolicy';
import { budgetExceeded, holdsUnit, withinWindow, type Unit } from '../../../core/policy/budget';
import { PipelineError } from '../../../core/errors';
import { CUSTOM_RESOURCES, NAMESPACES, RESPONSE_POLICY } from '../../../core/names';
import type { KubernetesClient } from '../api/client';
import { type CustomObject, readObject, replaceStatus, versionOf } from '../api/customObjects';
import { oncePerObject } from '../../../core/oncePerObject';
import type { Right } from '../api/rights';
import { updateWithRetry } from '../api/updateWithRetry';
import { responderWatches } from '../api/watch/watches';

export const RESPONSE_POLICY_RIGHTS: readonly Right[] = [
  { apiGroup: CUSTOM_RESOURCES.group, resource: CUSTOM_RESOURCES.responsePolicies, verb: 'get' },
  { apiGroup: CUSTOM_RESOURCES.group, resource: `${CUSTOM_RESOURCES.responsePolicies}/status`, verb: 'update' },
];

/** Reservations are written to the same object meanwhile. */
const MARK_ATTEMPTS = 10;

/** What this process wrote or read last: newer than the watch's word until that has caught up. */
const written = new WeakMap<KubernetesClient, ResponsePolicy>();

/** What the administrator set, and whether this pod may be acted on within the budget. */
export async function readPolicy(client: KubernetesClient, unit: Unit, now: Date): Promise<PolicyReading> {
  try {
    const policy = await latest(client);
    return { status: 'read', configuration: policy.spec, exhausted: whyNot(policy, unit, now) };
  } catch (error) {
    if (!(error instanceof PipelineError)) throw error;
    return { status: 'unreadable', detail: error.message };
  }
}

/** What the administrator set. */
export async function readConfiguration(client: KubernetesClient): Promise<Configuration> {
  return (await latest(client)).spec;
}

function whyNot({ spec, status }: ResponsePolicy, unit: Unit, now: Date): string | null {
  const current = withinWindow(status.reservations, spec.budget, now);
  return holdsUnit(current, unit.pod) ? null : budgetExceeded(current, spec.budget, unit);
}

/** The newest that is known: what this process wrote, or what the watch has; without either it is read. */
export async function latest(client: KubernetesClient): Promise<ResponsePolicy> {
  const watched = responderWatches(client).responsePolicies.get(RESPONSE_POLICY);
  if (watched === null) return readFresh(client);
  const [seen, own] = [read(watched.value), written.get(client)];
  return own !== undefined && versionOf(own) > versionOf(seen) ? own : seen;
}

const read = oncePerObject((object): ResponsePolicy => {
  const result = responsePolicySchema.safeParse(object);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new PipelineError(
    'misconfigured',
    `ResponsePolicy ${RESPONSE_POLICY} is not readable: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`,
    { nextStep: 'Apply manifests/crds and manifests/policy of this version.' },
  );
});

/** Reads the object itself, whatever a watch says. */
export async function readFresh(client: KubernetesClient): Promise<ResponsePolicy> {
  const policy = read(await readObject(client, CUSTOM_RESOURCES.responsePolicies, RESPONSE_POLICY));
  written.set(client, policy);
  return policy;
}

/**
 * Writes that pruning begins. The API server notes the time of this write in managedFields, which no request to a status
 * can bring itself: admission takes it for the present. Returns the days for which records are kept.
 */
export async function markPruning(client: KubernetesClient, now: Date): Promise<number> {
  return updateWithRetry({
    attempts: MARK_ATTEMPTS,
    read: () => readFresh(client),
    write: async (policy) => {
      await writeStatus(client, policy, { ...policy.status, prunedAt: now.toISOString() }, false);
      return policy.spec.retentionDays;
    },
  });
}

/** Writes who holds units. @throws PipelineError `conflict` when somebody wrote since `policy` was read */
export async function writeReservations(
  client: KubernetesClient,
  policy: ResponsePolicy,
  reservations: Reservation[],
  dryRun: boolean,
): Promise<void> {
  await writeStatus(client, policy, { ...policy.status, reservations }, dryRun);
}

async function writeStatus(
  client: KubernetesClient,
  { metadata, spec }: ResponsePolicy,
  status: ResponsePolicy['status'],
  dryRun: boolean,
): Promise<void> {
  const body: CustomObject = {
    apiVersion: CUSTOM_RESOURCES.apiVersion,
    kind: 'ResponsePolicy',
    metadata: { name: metadata.name, namespace: NAMESPACES.responder, resourceVersion: metadata.resourceVersion },
    spec,
    status,
  };
  const made = read(await replaceStatus(client, CUSTOM_RESOURCES.responsePolicies, body, dryRun));
  if (!dryRun) written.set(client, made);
}
