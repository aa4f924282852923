import { LABELS, QUARANTINE_POLICY, QUARANTINED_VALUE } from '../../../core/names';
import { PipelineError } from '../../../core/errors';
import { isQuarantinePolicy, quarantinePatch, quarantinePolicy } from '../../../core/response/quarantine';
import { mergePatch, type KubernetesClient } from '../client';
import { calling } from '../errors';
import { READ_TARGET_RIGHTS, readPod } from '../readTarget';
import { type ActionDefinition, type ActionInput, type ActionResult, rehearsal } from './action';

/**
 * Cuts a pod off the network and keeps it running: makes sure of the deny-all NetworkPolicy, then labels the pod.
 * The policy comes first, so that a labelled pod is never an open one.
 */
export const quarantinePod: ActionDefinition = {
  name: 'quarantine_pod',
  permittedBy: 'quarantine_pod',
  rights: [
    ...READ_TARGET_RIGHTS,
    { apiGroup: '', resource: 'pods', verb: 'patch' },
    { apiGroup: 'networking.k8s.io', resource: 'networkpolicies', verb: 'get' },
    { apiGroup: 'networking.k8s.io', resource: 'networkpolicies', verb: 'create' },
  ],
  run: async (input) => {
    await ensurePolicy(input);
    if (!input.pod.quarantined) await label(input);
    return input.dryRun ? rehearsed(input) : readBack(input);
  },
};

/** Throws when a policy of that name lets traffic through. */
async function ensurePolicy({ client, namespace, dryRun, changed }: ActionInput): Promise<void> {
  if (await hasPolicy(client, namespace)) return;
  try {
    await calling({ what: `create NetworkPolicy ${namespace}/${QUARANTINE_POLICY}`, server: client.server }, () =>
      client.networking.createNamespacedNetworkPolicy({
        namespace,
        body: quarantinePolicy(namespace),
        ...rehearsal(dryRun),
      }),
    );
    if (!dryRun) changed.push(`created NetworkPolicy ${namespace}/${QUARANTINE_POLICY}`);
  } catch (error) {
    // Another incident created it in the meantime: then it is read again, since anyone may have.
    if (error instanceof PipelineError && error.code === 'conflict' && (await hasPolicy(client, namespace))) return;
    throw error;
  }
}

async function hasPolicy(client: KubernetesClient, namespace: string): Promise<boolean> {
  try {
    const { spec } = await calling(
      { what: `read NetworkPolicy ${namespace}/${QUARANTINE_POLICY}`, server: client.server },
      () => client.networking.readNamespacedNetworkPolicy({ namespace, name: QUARANTINE_POLICY }),
    );
    if (isQuarantinePolicy(spec)) return true;
  } catch (error) {
    if (error instanceof PipelineError && error.code === 'not_found') return false;
    throw error;
  }
  throw new PipelineError(
    'rejected',
    `NetworkPolicy ${namespace}/${QUARANTINE_POLICY} exists but does not deny all traffic of quarantined pods`,
    {
      nextStep: 'Somebody changed it: restore it from manifests/policy, then run the step again.',
    },
  );
}

async function label({ client, namespace, pod, incidentId, dryRun, changed, now }: ActionInput): Promise<void> {
  const options = await mergePatch();
  await calling({ what: `label pod ${namespace}/${pod.name}`, server: client.server }, () =>
    client.core.patchNamespacedPod(
      { namespace, name: pod.name, body: quarantinePatch(pod.uid, incidentId, now()), ...rehearsal(dryRun) },
      options,
    ),
  );
  if (!dryRun) changed.push(`labelled pod ${namespace}/${pod.name} ${LABELS.quarantined}=${QUARANTINED_VALUE}`);
}

function rehearsed({ pod }: ActionInput): ActionResult {
  return {
    outcome: 'dry_run',
    reason: pod.quarantined ? 'the pod is quarantined already' : 'the pod would be quarantined',
    checked: ['the API server accepted the calls in dry run'],
    undo: null,
  };
}

async function readBack({ client, namespace, pod, changed }: ActionInput): Promise<ActionResult> {
  const live = await readPod(client, namespace, pod.name);
  const checked = [
    `pod uid ${live.uid}`,
    `label ${LABELS.quarantined} ${live.quarantined ? 'on' : 'missing from'} the pod`,
    `NetworkPolicy ${QUARANTINE_POLICY}, read before labelling, denies all traffic of labelled pods`,
  ];
  if (live.uid !== pod.uid || !live.quarantined) {
    return {
      outcome: 'failed',
      reason: 'the label was set but is not there when read back: something else changes the pod',
      checked,
      undo: null,
    };
  }
  const unchanged = changed.length === 0;
  return {
    outcome: unchanged ? 'unchanged' : 'done',
    reason: unchanged
      ? 'the pod was quarantined already'
      : 'the pod is labelled and the NetworkPolicy selects it; whether packets are dropped is the cluster network’s part',
    checked,
    undo: `K8s Quarantine, operation Release Pod, for ${namespace}/${pod.name} (uid ${pod.uid})`,
  };
}
