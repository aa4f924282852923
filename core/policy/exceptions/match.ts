import type { Alert } from '../../incident/alert';
import { type CommandOperator, endOfException, type Exception, type ExceptionSpec } from '../../incident/exception';
import { matchesGlob } from './glob';
import { repositoryOf } from './image';

/** What the API server says of an alert's pod. Code in the pod can change none of it. */
export interface ObservedPod {
  uid: string;
  namespace: string;
  /** The top owner; of a pod without one `Pod` and its name. */
  workload: { kind: string; name: string };
  /** The image that the alert's container has by the pod's specification; null when that is not known. */
  image: string | null;
}

/** The exceptions that have not ended and are for an alert's rule and namespace: only for these the pod is looked at. */
export function candidates(exceptions: readonly Exception[], { source, rule, target }: Alert, now: Date): Exception[] {
  return exceptions.filter(
    (exception) =>
      exception.spec.source === source &&
      exception.spec.rule === rule &&
      exception.spec.match.namespace === target?.namespace &&
      endOfException(exception) > now,
  );
}

/**
 * Whether an exception is about this alert. Namespace, and workload or image, have to be those of the alert's pod by the
 * API server; parent and command line, which code in the pod chooses, can only narrow that.
 */
export function matches({ source, rule, match }: ExceptionSpec, alert: Alert, pod: ObservedPod): boolean {
  const { namespace, workload, image, parent, command } = match;
  if (workload === undefined && image === undefined) return false;
  return (
    source === alert.source &&
    rule === alert.rule &&
    alert.target?.podUid === pod.uid &&
    namespace === pod.namespace &&
    (workload === undefined || (workload.kind === pod.workload.kind && workload.name === pod.workload.name)) &&
    (image === undefined || isOfImage(image, alert, pod)) &&
    (parent === undefined || alert.fields['proc.pname'] === parent) &&
    (command === undefined || compare(command.operator, alert.fields['proc.cmdline'], command.value))
  );
}

/** By the pod's specification, and by Falco if it says which. */
function isOfImage(image: string, { target }: Alert, pod: ObservedPod): boolean {
  const wanted = repositoryOf(image);
  const reported = target?.image ?? null;
  if (reported !== null && repositoryOf(reported) !== wanted) return false;
  return pod.image !== null && repositoryOf(pod.image) === wanted;
}

function compare(operator: CommandOperator, said: unknown, value: string): boolean {
  if (typeof said !== 'string') return false;
  switch (operator) {
    case '=':
      return said === value;
    case 'startswith':
      return said.startsWith(value);
    case 'endswith':
      return said.endsWith(value);
    case 'contains':
      return said.includes(value);
    case 'glob':
      return matchesGlob(value, said);
  }
}
