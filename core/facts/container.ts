import type { Alert } from '../incident/alert';
import type { ContainerKind } from '../incident/podFacts';
import type { FactContainer, FactContainerStatus, FactPod } from './factPod';

/** A container of a pod: its specification, and its status if it has one. */
export interface PlacedContainer {
  kind: ContainerKind;
  container: FactContainer;
  status: FactContainerStatus | undefined;
}

/** Falco gives the first 12 digits of a container's id. */
const SHORTEST_ID = 12;

/**
 * The container that an alert is about, or null. Falco reads the id from the process's cgroup, and the name from the
 * container runtime (falco.org, "Supported Fields", container.id and container.name): a process writes neither. An id and
 * a name of two containers name none.
 */
export function containerOf(
  { fields, target }: Pick<Alert, 'fields' | 'target'>,
  pod: FactPod,
): PlacedContainer | null {
  const all = placed(pod);
  const id = fields['container.id'];
  const byId =
    typeof id === 'string' && id.length >= SHORTEST_ID ? all.find(({ status }) => hasId(status, id)) : undefined;
  const name = target?.container ?? null;
  const byName = name === null ? undefined : all.find(({ container }) => container.name === name);
  if (byId !== undefined) return byName === undefined || byName === byId ? byId : null;
  // A restart gives a container another id; its name stays.
  if (byName !== undefined) return byName;
  return name === null && all.length === 1 ? (all[0] ?? null) : null;
}

function placed({ spec, status }: FactPod): PlacedContainer[] {
  const of = (
    kind: ContainerKind,
    containers: readonly FactContainer[] = [],
    statuses: readonly FactContainerStatus[] = [],
  ): PlacedContainer[] =>
    containers.map((container) => ({
      // A sidecar serves as long as the pod, although it is listed among the init containers.
      kind: kind === 'init' && container.restartPolicy === 'Always' ? 'container' : kind,
      container,
      status: statuses.find(({ name }) => name === container.name),
    }));
  return [
    ...of('container', spec?.containers, status?.containerStatuses),
    ...of('init', spec?.initContainers, status?.initContainerStatuses),
    ...of('ephemeral', spec?.ephemeralContainers, status?.ephemeralContainerStatuses),
  ];
}

/** A status has `containerd://` before the whole id. */
function hasId(status: FactContainerStatus | undefined, id: string): boolean {
  return [status?.containerID, status?.lastState?.terminated?.containerID].some(
    (whole) => whole?.replace(/^\w[\w.+-]{0,31}:\/\//, '').startsWith(id) === true,
  );
}
