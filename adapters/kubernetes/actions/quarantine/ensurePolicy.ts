import type { V1NetworkPolicy } from '@kubernetes/client-node';

import { hasCode, PipelineError } from '../../../../core/errors';
import { QUARANTINE_POLICY } from '../../../../core/names';
import { isQuarantinePolicy, quarantinePolicy } from '../../../../core/response/quarantine';
import { apiCall, unlessGone } from '../../api/errors';
import { namespaceWatches } from '../../api/watch/watches';
import { type ActionInput, dryRunOption } from '../action';

/** Makes sure of the deny-all NetworkPolicy. @throws PipelineError `rejected` when one of that name lets traffic through */
export async function ensurePolicy(input: ActionInput): Promise<void> {
  const { client, context, dryRun, changed } = input;
  const namespace = context.namespace.name;
  // The watch may lag behind a change; after the pod is labelled the policy is read again, from the API server itself.
  const watched = namespaceWatches(client, namespace).networkPolicies.get(QUARANTINE_POLICY);
  if (watched !== null ? isSound(watched.value, namespace) : await hasPolicy(input)) return;
  try {
    await apiCall({ what: `create NetworkPolicy ${namespace}/${QUARANTINE_POLICY}`, server: client.server }, () =>
      client.networking.createNamespacedNetworkPolicy({
        namespace,
        body: quarantinePolicy(namespace),
        ...dryRunOption(dryRun),
      }),
    );
    if (!dryRun) changed.push(`created NetworkPolicy ${namespace}/${QUARANTINE_POLICY}`);
  } catch (error) {
    // Another incident created it in the meantime: then it is read again, since anyone may have.
    if (hasCode(error, 'conflict') && (await hasPolicy(input))) return;
    throw error;
  }
}

async function hasPolicy({ client, context }: ActionInput): Promise<boolean> {
  const namespace = context.namespace.name;
  const policy = await unlessGone(() =>
    apiCall({ what: `read NetworkPolicy ${namespace}/${QUARANTINE_POLICY}`, server: client.server }, () =>
      client.networking.readNamespacedNetworkPolicy({ namespace, name: QUARANTINE_POLICY }),
    ),
  );
  return policy !== null && isSound(policy, namespace);
}

/** Always true or thrown: a policy of our name with other content is neither used nor overwritten. */
function isSound({ spec }: V1NetworkPolicy, namespace: string): true {
  if (isQuarantinePolicy(spec)) return true;
  throw new PipelineError(
    'rejected',
    `NetworkPolicy ${namespace}/${QUARANTINE_POLICY} exists but does not deny all traffic of quarantined pods`,
    { nextStep: 'Somebody changed it: restore it from manifests/namespace, then run the step again.' },
  );
}
