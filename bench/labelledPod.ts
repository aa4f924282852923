import { KubeConfig, type V1Pod, Watch } from '@kubernetes/client-node';

import { LABELS, NAMESPACES } from '../core/names.js';

/** Watches the playground and tells when a pod gets its quarantine label, as the API server announces it. */
export class LabelWatch {
  private waiting: { pod: string; uid: string; resolve: (at: number) => void } | undefined;
  private request: AbortController | undefined;
  private isStopped = false;

  async start(kubeconfig: string): Promise<void> {
    const config = new KubeConfig();
    config.loadFromFile(kubeconfig);
    this.request = await new Watch(config).watch(
      `/api/v1/namespaces/${NAMESPACES.playground}/pods`,
      {},
      (_phase, { metadata }: V1Pod) => {
        const at = performance.now();
        if (this.waiting?.pod !== metadata?.name || this.waiting?.uid !== metadata?.uid) return;
        if (metadata?.labels?.[LABELS.quarantined] === undefined) return;
        this.waiting?.resolve(at);
        this.waiting = undefined;
      },
      // It ends when it has heard nothing for half a minute (client 2.0.1).
      () => {
        if (!this.isStopped) void this.start(kubeconfig);
      },
    );
  }

  /** Resolves with the time (performance.now) at which the label was seen. Ask before causing it. */
  labelled(pod: string, uid: string, limitMs = 30_000): Promise<number> {
    return new Promise((resolve, reject) => {
      const limit = setTimeout(() => {
        reject(new Error(`${pod} was not labelled within ${limitMs} ms`));
      }, limitMs);
      this.waiting = {
        pod,
        uid,
        resolve: (at) => {
          clearTimeout(limit);
          resolve(at);
        },
      };
    });
  }

  stop(): void {
    this.isStopped = true;
    this.request?.abort();
  }
}
