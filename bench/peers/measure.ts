import { setTimeout as pause } from 'node:timers/promises';

import type { Cluster } from '../../cluster/local/kubernetes/client.js';
import type { Stack } from '../../cluster/local/stack.js';
import { bodyOf, KINDS } from '../chaos/alerts.js';
import { Sender } from '../chaos/sender.js';
import type { Playground } from '../playground.js';
import { prepareAlerts, type ReadyAlert } from '../scale/load.js';
import { type Meter, together, type Usage, usedDuring } from '../scale/parts.js';
import { type Peer, type Price, priceOf } from './peer.js';

const KIND = 'pod-quarantine-test';
/** The longest that a burst takes. */
const LIMIT_MS = 120_000;
/** What follows a label: reading back, metrics, log. */
const REST_MS = 2_500;

/** What is needed to measure on a stack. */
export interface Bench {
  stack: Stack;
  cluster: Cluster;
  playground: Playground;
  meter: Meter;
  /** What the stack uses without alerts. */
  idle: Usage;
  /** Namespaces that were opened and that somebody has to close. */
  opened: string[];
}

/** What a peer needed for alerts that were posted one at a time. */
export interface Single {
  peer: Peer;
  /** Milliseconds from each POST to the label. */
  times: number[];
  price: Price;
}

/** What a peer made of alerts that were posted at the same time. */
export interface Burst {
  peer: Peer;
  /** Labelled a second, in each round. */
  perSecond: number[];
  /** Alerts whose pod was not labelled. */
  missed: number;
  price: Price;
}

/** Has each peer contain alerts, one at a time, in turns. */
export async function oneAtATime(
  bench: Bench,
  peers: readonly Peer[],
  { alerts, warmUp }: { alerts: number; warmUp: number },
): Promise<Single[]> {
  const ready = await podsFor(bench, (alerts + warmUp) * peers.length);
  const measured = peers.map((peer) => ({ peer, times: [] as number[], usage: undefined as Usage | undefined }));
  for (let round = -warmUp; round < alerts; round += 1)
    for (const index of peers.keys()) {
      // None of them always goes first.
      const each = measured[(index + round + warmUp) % peers.length];
      const alert = ready.pop();
      if (each === undefined || alert === undefined) continue;
      const body = await bodyOf(alert, alert.podUid);
      let took = NaN;
      const usage = await usedDuring(bench.meter, async () => {
        took = await bench.playground.containPod({ url: each.peer.url, body, uid: alert.podUid });
      });
      if (round < 0) continue;
      each.times.push(took);
      each.usage = each.usage === undefined ? usage : together(each.usage, usage);
    }
  return measured.map(({ peer, times, usage = bench.idle }) => ({
    peer,
    times,
    price: priceOf(peer, usage, bench.idle, times.length),
  }));
}

/** Posts alerts to each peer at the same time, one peer after the other, in each round. */
export async function bursts(
  bench: Bench,
  peers: readonly Peer[],
  { burst, rounds }: { burst: number; rounds: number },
): Promise<Burst[]> {
  const ready = await podsFor(bench, (burst * rounds + 1) * peers.length);
  const measured = peers.map((peer) => ({ peer, perSecond: [] as number[], missed: 0, usages: [] as Usage[] }));
  // The first alert of a namespace has n8n watch it.
  for (const peer of peers) await postAll(bench, peer, ready.splice(0, 1));
  for (let round = 0; round < rounds; round += 1)
    for (const each of measured) {
      const alerts = ready.splice(0, burst);
      let ends: number[] = [];
      const usage = await usedDuring(bench.meter, async () => {
        ends = await postAll(bench, each.peer, alerts);
        await pause(REST_MS);
      });
      each.usages.push(usage);
      each.missed += alerts.length - ends.length;
      each.perSecond.push(ends.length / (Math.max(...ends) / 1000));
    }
  return measured.map(({ peer, perSecond, missed, usages }) => ({
    peer,
    perSecond,
    missed,
    price: priceOf(peer, usages.reduce(together), bench.idle, burst * rounds),
  }));
}

/** Milliseconds from the first POST to each label; fewer than alerts if a pod was not labelled. */
async function postAll({ stack, playground }: Bench, { url }: Peer, alerts: readonly ReadyAlert[]): Promise<number[]> {
  const bodies = await Promise.all(alerts.map((alert) => bodyOf(alert, alert.podUid)));
  const sender = new Sender(stack, url);
  const labels = alerts.map(({ podUid }) => playground.labelled(podUid, LIMIT_MS));
  const start = performance.now();
  const sent = Promise.all(bodies.map((body) => sender.send(body)));
  const ends = await Promise.allSettled(labels);
  await sent;
  await sender.close();
  return ends.flatMap((end) => (end.status === 'fulfilled' ? [end.value - start] : []));
}

/** Alerts on which every peer isolates the pod, each about a pod of its own. */
async function podsFor({ cluster, opened }: Bench, count: number): Promise<ReadyAlert[]> {
  const { alerts, namespaces } = await prepareAlerts(cluster, count, { [KIND]: KINDS[KIND] ?? 'quarantine_pod' });
  opened.push(...namespaces);
  return alerts;
}
