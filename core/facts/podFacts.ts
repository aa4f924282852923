import type { Alert } from '../incident/alert';
import type { History, PodFacts } from '../incident/podFacts';
import { bypasses } from '../context/bypasses';
import { sanitize } from '../text/sanitize';
import { containerOf } from './container';
import { declaredAt, declaredPrograms } from './declared';
import type { FactContainerStatus, FactPod } from './factPod';
import { type RightAnswers, rightsOf } from './rights';
import { serviceAccountOf, tokenMounted } from './serviceAccount';

/** What facts are made of. */
export interface FactInput {
  alert: Pick<Alert, 'fields' | 'target' | 'time'>;
  pod: FactPod;
  /** The answers to `RIGHTS_ASKED`; null when they were not asked. */
  rights: RightAnswers | null;
  /** Null when it was not read. */
  history: History | null;
}

/** Kinds of controllers whose pods run to their end: Kubernetes' own, Argo's and Tekton's. */
const RUN_ONCE: ReadonlySet<string> = new Set(['Job', 'Workflow', 'TaskRun', 'PipelineRun']);
const LONGEST_NAME = 253;

/** The facts about an alert's pod that a pod cannot forge; what could not be read is named in `missing`. */
export function podFacts({ alert, pod, rights, history }: FactInput): PodFacts {
  const found = containerOf(alert, pod);
  const owner = pod.metadata?.ownerReferences?.find(({ controller }) => controller === true)?.kind ?? null;
  const restartPolicy = pod.spec?.restartPolicy ?? 'Always';
  const mounted = tokenMounted(pod);
  const allowed = rightsOf(rights);
  return {
    container: {
      kind: found?.kind ?? 'unknown',
      name: found?.container.name ?? null,
      pinned: found?.container.image === undefined ? null : /@sha256:[0-9a-f]{64}$/.test(found.container.image),
      ...digestOf(found?.status?.imageID),
      startedAt: isoOf(found?.status?.state?.running?.startedAt),
      ranSeconds: ranSeconds(found?.status, alert.time),
      restarts: found?.status?.restartCount ?? null,
    },
    programs: found === null ? [] : declaredPrograms(found.container),
    declared: found === null ? null : declaredAt(alert.fields['proc.cmdline'], found.container),
    parentDeclared: found === null ? null : declaredAt(alert.fields['proc.pcmdline'], found.container),
    owner: owner === null ? null : sanitize(owner, LONGEST_NAME),
    runsOnce: restartPolicy !== 'Always' || (owner !== null && RUN_ONCE.has(owner)),
    serviceAccount: { ...serviceAccountOf(pod), tokenMounted: mounted, ...allowed },
    access: bypasses(pod.spec, pod.metadata?.annotations).map(({ kind }) => kind),
    hostNetwork: pod.spec?.hostNetwork === true,
    history,
    missing: [
      ...(found === null ? ['which container of the pod the alert is about'] : []),
      ...(mounted === null ? ["whether a token of the pod's ServiceAccount is mounted"] : []),
      ...(allowed.rights === 'unknown' ? ["what the pod's ServiceAccount may do"] : []),
      ...(history === null ? ['earlier incidents of the rule and what people decided'] : []),
    ],
  };
}

/** Container runtimes write the digest with the image's name before it, and sometimes without. */
function digestOf(imageId = ''): { digest?: string } {
  const [digest] = /sha256:[0-9a-f]{64}$/.exec(imageId) ?? [];
  return digest === undefined ? {} : { digest };
}

/** Since the last start before the alert: a program that ends itself after what it did has its container started again. */
function ranSeconds(status: FactContainerStatus | undefined, time: string): number | null {
  const starts = [status?.state?.running, status?.state?.terminated, status?.lastState?.terminated];
  const seconds = starts.map((one) =>
    one?.startedAt === undefined ? Number.NaN : (Date.parse(time) - new Date(one.startedAt).getTime()) / 1000,
  );
  const since = seconds.filter((one) => one >= 0);
  return since.length === 0 ? null : Math.round(Math.min(...since));
}

function isoOf(time: Date | string | undefined): string | null {
  const read = time === undefined ? Number.NaN : new Date(time).getTime();
  return Number.isNaN(read) ? null : new Date(read).toISOString();
}
