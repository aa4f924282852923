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
    const pod = await freshPod(this.cluster, POD);
    await pause(PAUSE_MS);
    const body = freshAlert(await loadAlert(POD), now(pod.metadata?.uid ?? ''));
    const seen = this.watch.labelled(POD, pod.metadata?.uid ?? '');
    meanwhile?.();
    const start = performance.now();
    const [at] = await Promise.all([seen, this.post(path, body)]);
    await pause(PAUSE_MS);
    return at - start;
  }

  async close(): Promise<void> {
    this.watch.stop();
    await freshPod(this.cluster, POD);
    await setPolicy(this.cluster, { budget: null });
  }

  private async post(path: string, body: string): Promise<void> {
    const answer = await fetch(`${this.stack.urls.n8n}/webhook/${path}`, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json; charset=utf-8',
        'User-Agent': 'Falcosidekick',
        [SECRET_HEADER]: this.stack.webhookSecret,
      },
      body,
    });
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
    await answer.arrayBuffer();
  }
}
