import type { V1Pod } from '@kubernetes/client-node';

import { podFacts } from '../../../core/facts/podFacts';
import { serviceAccountOf } from '../../../core/facts/serviceAccount';
import type { RightAnswers } from '../../../core/facts/rights';
import { PipelineError } from '../../../core/errors';
import { historyOf } from '../../../core/folding/history';
import { incidentName, ownSubject } from '../../../core/folding/key';
import type { Alert } from '../../../core/incident/alert';
import type { History, PodFacts } from '../../../core/incident/podFacts';
import { SUBJECT_LIMITS } from '../../../core/incident/subject';
import { usesRights } from '../../../core/policy/table';
import { sanitize } from '../../../core/text/sanitize';
import type { KubernetesClient } from '../api/client';
import { watchedOrOwn } from '../resources/incidents';
import { serviceAccountRights } from './serviceAccountRights';

/** Nobody waits longer for a ServiceAccount's rights, milliseconds. */
const RIGHTS_MS = 2_000;

/** What facts are read for: the alert, and whether calls may be made for what only they answer. */
export interface FactSubject {
  alert: Alert;
  mayCall: boolean;
}

/** The rights of the pod's ServiceAccount where the playbook decides by them; null where they are not asked. */
export async function rightsFor(
  client: KubernetesClient,
  { metadata, spec }: V1Pod,
  { alert, mayCall }: FactSubject,
): Promise<RightAnswers | null> {
  const namespace = metadata?.namespace ?? alert.target?.namespace;
  const isLive = metadata?.deletionTimestamp === undefined;
  if (!mayCall || !isLive || namespace === undefined || alert.trust !== 'kernel' || !usesRights(alert)) return null;
  return serviceAccountRights(client, namespace, serviceAccountOf({ spec }).name, RIGHTS_MS);
}

/** The facts about an alert's pod. Makes no call: its history is that of its incident, as far as a watch or this process has it. */
export function readFacts(
  client: KubernetesClient,
  pod: V1Pod,
  { alert }: FactSubject,
  { rights, owner, now }: { rights: RightAnswers | null; owner: { kind: string; name: string } | null; now: Date },
): PodFacts {
  return podFacts({ alert, pod, rights, history: historyFor(client, alert, owner, now) });
}

/** An incident is about the pod's top owner, or else about what the alert says (incidentSubject.ts). */
function historyFor(
  client: KubernetesClient,
  alert: Alert,
  owner: { kind: string; name: string } | null,
  now: Date,
): History | null {
  if (alert.target === null || alert.trust !== 'kernel') return null;
  const about =
    owner === null
      ? ownSubject(alert)
      : {
          kind: sanitize(owner.kind, SUBJECT_LIMITS.kind),
          namespace: alert.target.namespace,
          name: sanitize(owner.name, SUBJECT_LIMITS.name),
        };
  try {
    const { known } = watchedOrOwn(client, incidentName(alert, about));
    return known === null ? null : historyOf(known, now);
  } catch (error) {
    // A record that cannot be read keeps nothing from going on.
    if (error instanceof PipelineError) return null;
    throw error;
  }
}
