import { LABELS } from '../../../core/names';
import { releasePatch } from '../../../core/response/quarantine';
import { mergePatch } from '../client';
import { calling } from '../errors';
import { READ_TARGET_RIGHTS, readPod } from '../readTarget';
import { type ActionDefinition, rehearsal } from './action';

/** Takes a pod out of quarantine. The NetworkPolicy stays: it selects nobody without the label. */
export const releasePod: ActionDefinition = {
  name: 'release_pod',
  permittedBy: null,
  rights: [...READ_TARGET_RIGHTS, { apiGroup: '', resource: 'pods', verb: 'patch' }],
  run: async ({ client, namespace, pod, dryRun, changed }) => {
    const checked = [`pod uid ${pod.uid}`, `label ${LABELS.quarantined} absent from the pod`];
    if (!pod.quarantined) return { outcome: 'unchanged', reason: 'the pod is not quarantined', checked, undo: null };
    const options = await mergePatch();
    await calling({ what: `release pod ${namespace}/${pod.name}`, server: client.server }, () =>
      client.core.patchNamespacedPod(
        { namespace, name: pod.name, body: releasePatch(pod.uid), ...rehearsal(dryRun) },
        options,
      ),
    );
    if (dryRun)
      return {
        outcome: 'dry_run',
        reason: 'the pod would be released',
        checked: ['the API server accepted the call in dry run'],
        undo: null,
      };
    changed.push(`removed ${LABELS.quarantined} from pod ${namespace}/${pod.name}`);
    const live = await readPod(client, namespace, pod.name);
    const released = live.uid === pod.uid && !live.quarantined;
    return {
      outcome: released ? 'done' : 'failed',
      reason: released ? 'the pod bears no quarantine label any more' : 'the label is still there when read back',
      checked,
      undo: 'K8s Quarantine, operation Quarantine Pod',
    };
  },
};
