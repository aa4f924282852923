import type { Alert } from '../incident/alert';
import type { History, PodFacts } from '../incident/podFacts';
import { bypasses } from '../context/bypasses';
import { sanitize } from '../text/sanitize';
import { containerOf } from './container';
import { declaredAt, declaredPrograms } from './declared';
import type { FactPod } from './factPod';
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
  const startedAt = isoOf(found?.status?.state?.running?.startedAt);
  return {
    container: {
      kind: found?.kind ?? 'unknown',
      name: found?.container.name ?? null,
      pinned: found?.container.image === undefined ? null : /@sha256:[0-9a-f]{64}$/.test(found.container.image),
      startedAt,
      ranSeconds: startedAt === null ? null : secondsBetween(startedAt, alert.time),
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

function secondsBetween(from: string, to: string): number | null {
  const seconds = Math.round((Date.parse(to) - Date.parse(from)) / 1000);
  return Number.isNaN(seconds) ? null : seconds;
}

function isoOf(time: Date | string | undefined): string | null {
  const read = time === undefined ? Number.NaN : new Date(time).getTime();
  return Number.isNaN(read) ? null : new Date(read).toISOString();
}
