import { KubeConfig, type V1Pod, Watch } from '@kubernetes/client-node';

import { LABELS } from '../core/names.js';

/** Watches all pods and tells when one gets its quarantine label, as the API server announces it. */
export class LabelWatch {
  /** By the pods' uids. */
  private readonly waiting = new Map<string, (at: number) => void>();
  private request: AbortController | undefined;
  private isStopped = false;

  async start(kubeconfig: string): Promise<void> {
    const config = new KubeConfig();
    config.loadFromFile(kubeconfig);
    this.request = await new Watch(config).watch(
      '/api/v1/pods',
      {},
      (_phase, { metadata }: V1Pod) => {
        const at = performance.now();
        if (metadata?.labels?.[LABELS.quarantined] !== undefined) this.waiting.get(metadata.uid ?? '')?.(at);
      },
      // It ends when it has heard nothing for half a minute (client 2.0.1).
      () => {
        if (!this.isStopped) void this.start(kubeconfig);
      },
    );
  }

  /** Resolves with the time (performance.now) at which the label of the pod with this uid was seen. Ask before causing it. */
  labelled(uid: string, limitMs = 30_000): Promise<number> {
    return new Promise((resolve, reject) => {
      const limit = setTimeout(() => {
        this.waiting.delete(uid);
        reject(new Error(`the pod with uid ${uid} was not labelled within ${limitMs} ms`));
      }, limitMs);
      this.waiting.set(uid, (at) => {
        clearTimeout(limit);
        this.waiting.delete(uid);
        resolve(at);
      });
    });
  }

  stop(): void {
    this.isStopped = true;
    this.request?.abort();
  }
}
