import { type Bypass, BYPASS_KINDS, type BypassKind } from '../incident/bypass';
import { sanitize } from '../text/sanitize';

interface Confinement {
  seccompProfile?: { type?: string };
  appArmorProfile?: { type?: string };
  seLinuxOptions?: { type?: string; user?: string; role?: string };
  windowsOptions?: { hostProcess?: boolean };
}

/** The fields of a container that are read. */
export interface ContainerSpec {
  name: string;
  securityContext?: Confinement & {
    privileged?: boolean;
    procMount?: string;
    capabilities?: { add?: string[] };
  };
}

/** The fields of a Pod's spec (core/v1) that are read: a structural part of the client's type. */
export interface PodSpecification {
  hostPID?: boolean;
  hostIPC?: boolean;
  securityContext?: Confinement;
  containers?: ContainerSpec[];
  initContainers?: ContainerSpec[];
  ephemeralContainers?: ContainerSpec[];
  volumes?: { name: string; hostPath?: { path: string } }[];
}

/** The capabilities that the Baseline standard lets a container add. Any other may allow an escape from the pod. */
const HARMLESS_CAPABILITIES: ReadonlySet<string> = new Set([
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'MKNOD',
  'NET_BIND_SERVICE',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
]);

const BASELINE_SELINUX_TYPES: ReadonlySet<string> = new Set([
  '',
  'container_t',
  'container_init_t',
  'container_kvm_t',
  'container_engine_t',
]);

/** Set per container before AppArmor had a field (Kubernetes 1.30). */
const APPARMOR_ANNOTATION = 'container.apparmor.security.beta.kubernetes.io/';

/**
 * With this annotation Multus attaches the pod to the listed networks (k8s.cni.cncf.io, Network Plumbing Working
 * Group).
 */
const NETWORKS_ANNOTATION = 'k8s.v1.cni.cncf.io/networks';

/** How many are named; a pod may have many more. */
const MOST_NAMED = 4;

/** Every isolation bypass of a pod, at most one entry per kind. Bounded, regardless of the pod's size. */
export function bypasses(
  pod: PodSpecification | undefined = {},
  annotations: Readonly<Record<string, string>> = {},
): Bypass[] {
  const containers = [pod.containers, pod.initContainers, pod.ephemeralContainers].flatMap((list) => list ?? []);
  const where: Record<BypassKind, string[]> = {
    privileged: containers
      .filter(({ securityContext }) => securityContext?.privileged === true)
      .map(({ name }) => `container ${name} is privileged`),
    host_pid: pod.hostPID === true ? ["the pod shares its node's processes (hostPID)"] : [],
    host_ipc: pod.hostIPC === true ? ["the pod shares its node's IPC namespace (hostIPC)"] : [],
    host_path: (pod.volumes ?? []).flatMap(({ name, hostPath }) =>
      hostPath === undefined ? [] : [`volume ${name} is the node's path ${sanitize(hostPath.path, 96)}`],
    ),
    host_process: [
      ...(pod.securityContext?.windowsOptions?.hostProcess === true ? ['the pod is a Windows HostProcess pod'] : []),
      ...containers
        .filter(({ securityContext }) => securityContext?.windowsOptions?.hostProcess === true)
        .map(({ name }) => `container ${name} is a Windows HostProcess container`),
    ],
    capabilities: containers.flatMap(addedCapabilities),
    unconfined: unconfined(pod, containers, annotations),
    other_network: (annotations[NETWORKS_ANNOTATION] ?? '').trim()
      ? [`annotation ${NETWORKS_ANNOTATION} attaches the pod to further networks`]
      : [],
  };
  return BYPASS_KINDS.flatMap((kind) => (where[kind].length === 0 ? [] : [{ kind, detail: listed(where[kind]) }]));
}

function addedCapabilities({ name, securityContext }: ContainerSpec): string[] {
  const added = [...new Set((securityContext?.capabilities?.add ?? []).map(capabilityName))];
  const risky = added.filter((capability) => !HARMLESS_CAPABILITIES.has(capability));
  return risky.length === 0 ? [] : [`container ${name} adds ${listed(risky, ', ')}`];
}

/** The API server accepts any text as a capability; runtimes accept the kernel's prefix. */
function capabilityName(text: string): string {
  const name = text.toUpperCase().replace(/^CAP_/, '');
  return /^[A-Z][A-Z_]{1,31}$/.test(name) ? name : 'a capability of an unknown name';
}

function unconfined(
  pod: PodSpecification,
  containers: readonly ContainerSpec[],
  annotations: Readonly<Record<string, string>>,
): string[] {
  const annotated = Object.entries(annotations)
    .filter(([key, value]) => key.startsWith(APPARMOR_ANNOTATION) && value === 'unconfined')
    .map(([key]) => `container ${sanitize(key.slice(APPARMOR_ANNOTATION.length), 63)} runs without AppArmor`);
  return [
    ...looseConfinement('the pod', pod.securityContext),
    ...containers.flatMap(({ name, securityContext }) => [
      ...looseConfinement(`container ${name}`, securityContext),
      ...(securityContext?.procMount === 'Unmasked' ? [`container ${name} has /proc unmasked`] : []),
    ]),
    ...annotated,
  ];
}

function looseConfinement(who: string, context: Confinement | undefined): string[] {
  const { type = '', user = '', role = '' } = context?.seLinuxOptions ?? {};
  return [
    ...(context?.seccompProfile?.type === 'Unconfined' ? [`${who} runs without seccomp`] : []),
    ...(context?.appArmorProfile?.type === 'Unconfined' ? [`${who} runs without AppArmor`] : []),
    ...(BASELINE_SELINUX_TYPES.has(type) && user === '' && role === ''
      ? []
      : [`${who} runs under an SELinux type, user or role of its own`]),
  ];
}

function listed(names: readonly string[], separator = ', '): string {
  const more = names.length - MOST_NAMED;
  return names.slice(0, MOST_NAMED).join(separator) + (more > 0 ? ` and ${more} more` : '');
}

/** What to do when a quarantine does not contain the pod. */
export function isolationAdvice(node: string | null): string {
  const cordon = node === null ? 'cordon its node' : `cordon its node (kubectl cordon ${node})`;
  return `Isolation does not contain such a pod: ${cordon}, delete the pod once its evidence is kept, and have a person look at the node`;
}
