import { setTimeout as pause } from 'node:timers/promises';

import { freshAlert, loadAlert, now } from '../cluster/local/alerts/alertFiles.js';
import { type Cluster, connect, freshPod } from '../cluster/local/kubernetes/client.js';
import type { Stack } from '../cluster/local/stack.js';
import { SECRET_HEADER } from '../core/names.js';
import { AMPLE, setPolicy } from '../tests/e2e/support/policy.js';
import { LabelWatch } from './labelledPod.js';

const POD = 'pod-quarantine-test';
/** After a pod was labelled, so that what follows (reading back, metrics, log) is over. */
const PAUSE_MS = 250;
/** One alert after the other: what was taken of the budget is given back within the shortest window. */
const BUDGET = { ...AMPLE, windowMinutes: 1 };

/** The pod that alerts of a benchmark are about. Each alert has a new one, as each attack has: a record is never undone. */
export class Playground {
  private readonly watch = new LabelWatch();

  private constructor(
    private readonly stack: Stack,
    private readonly cluster: Cluster,
  ) {}

  static async open(stack: Stack): Promise<Playground> {
    const playground = new Playground(stack, connect());
    await setPolicy(playground.cluster, { budget: BUDGET });
    await playground.watch.start(stack.kubeconfig);
    return playground;
  }

  /** Posts an alert about a new pod to a webhook's path. Returns the milliseconds until the pod was labelled. */
  async contain(path: string, meanwhile?: () => void): Promise<number> {
    const uid = (await freshPod(this.cluster, POD)).metadata?.uid ?? '';
    await pause(PAUSE_MS);
    const body = freshAlert(await loadAlert(POD), now(uid));
    return this.containPod({ url: `${this.stack.urls.n8n}/webhook/${path}`, body, uid }, meanwhile);
  }

  /** Posts an alert about the pod with this uid. Returns the milliseconds until the pod was labelled. */
  async containPod(
    { url, body, uid }: { url: string; body: string; uid: string },
    meanwhile?: () => void,
  ): Promise<number> {
    const seen = this.labelled(uid);
    meanwhile?.();
    const start = performance.now();
    const [at] = await Promise.all([seen, this.post(url, body)]);
    await pause(PAUSE_MS);
    return at - start;
  }

  /** Resolves with the time (performance.now) at which a pod was labelled. Ask before causing it. */
  labelled(uid: string, limitMs?: number): Promise<number> {
    return this.watch.labelled(uid, limitMs);
  }

  async close(): Promise<void> {
    this.watch.stop();
    await freshPod(this.cluster, POD);
    await setPolicy(this.cluster, { budget: null });
  }

  private async post(url: string, body: string): Promise<void> {
    const answer = await fetch(url, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json; charset=utf-8',
        'User-Agent': 'Falcosidekick',
        [SECRET_HEADER]: this.stack.webhookSecret,
      },
      body,
    });
    if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`);
    await answer.arrayBuffer();
  }
}
