import type { FactPod } from './factPod';

/** Where the API server's admission mounts the token (kubernetes.io, "Managing Service Accounts"). */
const MOUNT_PATH = '/var/run/secrets/kubernetes.io/serviceaccount';

/** The ServiceAccount under which a pod runs: the namespace's default where it names none. */
export function serviceAccountOf({ spec }: FactPod): { name: string; own: boolean } {
  const name = spec?.serviceAccountName ?? '';
  return name === '' || name === 'default' ? { name: 'default', own: false } : { name, own: true };
}

/**
 * Whether a container of the pod mounts a token of its ServiceAccount: by the volume that the API server adds, or by a
 * projected volume of its own. Null when the specification has neither and does not refuse one: its ServiceAccount may.
 */
export function tokenMounted({ spec }: FactPod): boolean | null {
  const containers = [
    ...(spec?.containers ?? []),
    ...(spec?.initContainers ?? []),
    ...(spec?.ephemeralContainers ?? []),
  ];
  const mounts = containers.flatMap(({ volumeMounts }) => volumeMounts ?? []);
  const tokens = (spec?.volumes ?? []).filter(
    ({ projected }) =>
      projected?.sources?.some(({ serviceAccountToken }) => serviceAccountToken !== undefined) === true,
  );
  const isMounted = mounts.some(
    ({ name, mountPath }) => mountPath === MOUNT_PATH || tokens.some((token) => token.name === name),
  );
  if (isMounted || tokens.length > 0) return true;
  return spec?.automountServiceAccountToken === false ? false : null;
}
