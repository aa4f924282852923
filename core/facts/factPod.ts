import type { ContainerSpec, PodSpecification } from '../context/bypasses';

interface ExecAction {
  exec?: { command?: string[] };
}

/** The fields of a container that facts read: a structural part of core/v1 Container. */
export interface FactContainer extends ContainerSpec {
  image?: string;
  command?: string[];
  args?: string[];
  livenessProbe?: ExecAction;
  readinessProbe?: ExecAction;
  startupProbe?: ExecAction;
  lifecycle?: { postStart?: ExecAction; preStop?: ExecAction };
  volumeMounts?: { name: string; mountPath: string }[];
  /** Of an init container: `Always` makes it a sidecar (Kubernetes 1.29). */
  restartPolicy?: string;
}

export interface FactContainerStatus {
  name: string;
  containerID?: string;
  imageID?: string;
  restartCount?: number;
  state?: { running?: { startedAt?: Date | string }; terminated?: { startedAt?: Date | string } };
  lastState?: { terminated?: { containerID?: string; startedAt?: Date | string } };
}

interface FactSpecification extends PodSpecification {
  containers?: FactContainer[];
  initContainers?: FactContainer[];
  ephemeralContainers?: FactContainer[];
  hostNetwork?: boolean;
  restartPolicy?: string;
  serviceAccountName?: string;
  automountServiceAccountToken?: boolean;
  volumes?: {
    name: string;
    hostPath?: { path: string };
    projected?: { sources?: { serviceAccountToken?: object }[] };
  }[];
}

/** The fields of a Pod (core/v1) that facts read: a structural part of the client's type. */
export interface FactPod {
  metadata?: {
    annotations?: Readonly<Record<string, string>>;
    ownerReferences?: { kind: string; controller?: boolean }[];
  };
  spec?: FactSpecification;
  status?: {
    containerStatuses?: FactContainerStatus[];
    initContainerStatuses?: FactContainerStatus[];
    ephemeralContainerStatuses?: FactContainerStatus[];
  };
}
