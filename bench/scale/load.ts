import { setTimeout as pause } from 'node:timers/promises';

import type { Cluster } from '../../cluster/local/kubernetes/client.js';
import type { Stack } from '../../cluster/local/stack.js';
import { bodyOf, planAlerts, type PlannedAlert } from '../chaos/alerts.js';
import { DecisionLog } from '../chaos/decisions.js';
import { createPod, openNamespaces } from '../chaos/namespaces.js';
import { seeded } from '../chaos/seeded.js';
import type { Sender } from '../chaos/sender.js';

/** The same alerts in every run. */
const SEED = 15;
const POLL_MS = 1_000;
/** Requests to the API server at a time, while pods are created. */
const TOGETHER = 20;

/** An alert that waits to be posted, about a pod that exists. */
export type ReadyAlert = PlannedAlert & { podUid: string };

/** What became of an alert, in milliseconds from its POST. */
export interface Timed {
  /** Until it was answered with 2xx; null if it was not. */
  accepted: number | null;
  /** Until it was decided; null if it was not. */
  decided: number | null;
}

export interface Load {
  timed: readonly Timed[];
  /** Milliseconds from the first POST to the last decision. */
  milliseconds: number;
}

/** So many alerts of the recorded kinds, or of some of them, each about a pod of its own, so that each is an incident. */
export async function prepareAlerts(
  cluster: Cluster,
  count: number,
  kinds?: Parameters<typeof planAlerts>[3],
): Promise<{ alerts: ReadyAlert[]; namespaces: string[] }> {
  const namespaces = await openNamespaces(cluster, count, 'scale');
  const planned = planAlerts(seeded(SEED), count, namespaces, kinds);
  const alerts: ReadyAlert[] = [];
  for (let index = 0; index < count; index += TOGETHER)
    alerts.push(
      ...(await Promise.all(
        planned
          .slice(index, index + TOGETHER)
          .map(async (alert) => ({ ...alert, podUid: await createPod(cluster, alert.namespace, alert.pod) })),
      )),
    );
  return { alerts, namespaces };
}

/**
 * Posts alerts and waits until those that were accepted are decided and logged.
 * @param perSecond how many a second; Infinity for as many as are accepted
 * @param limitSeconds how long it waits for the decisions
 */
export async function load(
  { urls }: Stack,
  sender: Sender,
  alerts: readonly ReadyAlert[],
  { perSecond, limitSeconds }: { perSecond: number; limitSeconds: number },
): Promise<Load> {
  const log = new DecisionLog(urls.loki, Date.now());
  const [begin, beganAt] = [performance.now(), Date.now()];
  const sent = await Promise.all(
    alerts.map(async (alert, index) => {
      await pause(Math.max(0, begin + (index / perSecond) * 1000 - performance.now()));
      const body = await bodyOf(alert, alert.podUid);
      const [at, posted] = [Date.now(), performance.now()];
      const { accepted } = await sender.send(body);
      return { at, podUid: alert.podUid, accepted: accepted ? performance.now() - posted : null };
    }),
  );
  const accepted = sent.filter((each) => each.accepted !== null).map(({ podUid }) => podUid);
  const decidedAt = await decisions(log, accepted, limitSeconds);
  const ends = [...decidedAt.values()];
  return {
    timed: sent.map(({ at, podUid, accepted }) => {
      const decided = decidedAt.get(podUid);
      return { accepted, decided: decided === undefined ? null : decided - at };
    }),
    milliseconds: Math.max(...ends, beganAt) - beganAt,
  };
}

/** When each pod's alert was decided, once all of these are. The log line is the last thing that a pass does. */
async function decisions(
  log: DecisionLog,
  podUids: readonly string[],
  limitSeconds: number,
): Promise<Map<string | null, number>> {
  const deadline = performance.now() + limitSeconds * 1000;
  for (;;) {
    // Lines are not counted instead: one that was sent to Loki again counts twice.
    const found = new Map((await log.read()).map(({ podUid, at }) => [podUid, at]));
    if (podUids.every((podUid) => found.has(podUid)) || performance.now() > deadline) return found;
    await pause(POLL_MS);
  }
}
