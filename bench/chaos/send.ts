import { setTimeout as pause } from 'node:timers/promises';

import type { Cluster } from '../../cluster/local/kubernetes/client.js';
import { bodyOf, type PlannedAlert } from './alerts.js';
import type { FalcoOutput } from './falcoOutput.js';
import { createPod } from './namespaces.js';
import type { Sender } from './sender.js';
import type { SentAlert } from './tally.js';

/** Pods that are created ahead of their alert: enough for the time that the API server takes to start. */
const AHEAD = 100;

interface Sending {
  cluster: Cluster;
  sender: Sender;
  falco: FalcoOutput;
  /** Alerts a second. */
  rate: number;
  signal: AbortSignal;
}

/** Sends each alert at its time, whatever became of those before it, and writes it into Falco's own output. */
export async function sendAll(planned: readonly PlannedAlert[], sending: Sending, begin: number): Promise<SentAlert[]> {
  const pods = new Map<number, Promise<string>>();
  const create = (index: number): void => {
    const alert = planned[index];
    if (alert === undefined) return;
    const uid = createPod(sending.cluster, alert.namespace, alert.pod);
    // It is awaited at its turn, which may come after its failure.
    uid.catch(() => undefined);
    pods.set(index, uid);
  };
  for (let index = 0; index < AHEAD; index += 1) create(index);
  const sent: Promise<SentAlert>[] = [];
  for (const [index, alert] of planned.entries()) {
    const due = begin + (index / sending.rate) * 1000;
    await pause(Math.max(0, due - performance.now()), undefined, { signal: sending.signal });
    const podUid = await pods.get(index);
    pods.delete(index);
    create(index + AHEAD);
    sent.push(sendOne(alert, podUid ?? '', sending));
  }
  return Promise.all(sent);
}

async function sendOne(alert: PlannedAlert, podUid: string, { sender, falco }: Sending): Promise<SentAlert> {
  const body = await bodyOf(alert, podUid);
  const at = Date.now();
  falco.write(body);
  return { ...alert, podUid, at, ...(await sender.send(body)) };
}
