import { KubeConfig, type V1Pod, Watch } from '@kubernetes/client-node';

import { LABELS, NAMESPACES } from '../core/names.js';

/** Watches the playground and tells when a pod's quarantine label comes and goes, as the API server announces it. */
export class LabelWatch {
  private waiting: { pod: string; labelled: boolean; resolve: (at: number) => void } | undefined;
  private request: AbortController | undefined;

  async start(kubeconfig: string): Promise<void> {
    const config = new KubeConfig();
    config.loadFromFile(kubeconfig);
    this.request = await new Watch(config).watch(
      `/api/v1/namespaces/${NAMESPACES.playground}/pods`,
      {},
      (_phase, pod: V1Pod) => {
        const at = performance.now();
        const labelled = pod.metadata?.labels?.[LABELS.quarantined] !== undefined;
        if (this.waiting?.pod !== pod.metadata?.name || this.waiting?.labelled !== labelled) return;
        this.waiting.resolve(at);
        this.waiting = undefined;
      },
      () => undefined,
    );
  }

  /** Resolves with the time (performance.now) at which the change was seen. Ask before causing it. */
  seen(pod: string, labelled: boolean, limitMs = 10_000): Promise<number> {
    return new Promise((resolve, reject) => {
      const limit = setTimeout(() => {
        reject(new Error(`${pod} was not ${labelled ? 'labelled' : 'released'} within ${limitMs} ms`));
      }, limitMs);
      this.waiting = {
        pod,
        labelled,
        resolve: (at) => {
          clearTimeout(limit);
          resolve(at);
        },
      };
    });
  }

  stop(): void {
    this.request?.abort();
  }
}
