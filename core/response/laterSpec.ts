import { type Approval, atRound, type JoinedPod, roundOf } from './approval';
import { type NamedPod, namedPods } from './approvalPods';
import { priorityOf } from './approvalPriority';
import { itemOfPod, keptItem } from './decidedItem';

/** The next Approval of an incident, for a pod that joined this one after a person was shown the others. */
export function laterSpec(approval: Approval, pod: NamedPod & { joined: JoinedPod }, now: Date): Approval['spec'] {
  const { spec } = approval;
  const { namespace, name, uid } = pod;
  const [first] = namedPods(approval);
  const about = first === undefined ? 'the incident' : `pod ${first.namespace}/${first.name}`;
  const { execution } = pod.joined;
  const { execution: _, ...rest } = spec;
  return atRound(
    {
      ...rest,
      ...(execution === undefined ? {} : { execution }),
      requestedAt: now.toISOString(),
      expiresAt: new Date(now.getTime() + Date.parse(spec.expiresAt) - Date.parse(spec.requestedAt)).toISOString(),
      pod: { namespace, name, ...(uid === null ? {} : { uid }) },
      subject: { kind: 'Pod', namespace, name },
      priority: priorityOf(approval),
      why: `The pod joined the incident after the page was opened on which a person decided on ${about}. The facts are those of the incident's first event.`,
      item: JSON.stringify(itemOfPod(keptItem(approval), pod)),
    },
    roundOf(spec) + 1,
  );
}
