/**
 * Prints each pod with its state and memory, from the kubelet's summary (`stats.k8s.io/v1alpha1`, as JSON on standard
 * input) and the lines of `ready_pods` (the first argument). Exits 1 when a pod is not ready.
 */
import { text } from 'node:stream/consumers';
import { z } from 'zod/v4';

const MIB = 1024 * 1024;

const memory = z.object({ workingSetBytes: z.number().optional() });
const summary = z.object({
  node: z.object({ memory }),
  pods: z.array(z.object({ podRef: z.object({ name: z.string(), namespace: z.string() }), memory: memory.optional() })),
});

async function main(): Promise<void> {
  const { node, pods } = summary.parse(JSON.parse(await text(process.stdin)));
  const used = new Map(pods.map(({ podRef, memory }) => [`${podRef.namespace}/${podRef.name}`, memory]));
  const mib = (bytes: number | undefined): string =>
    bytes === undefined ? '      ?' : String(Math.round(bytes / MIB)).padStart(7);
  const lines = (process.argv[2] ?? '').split('\n').filter((line) => line.trim() !== '');
  let total = 0;
  console.log('    MiB  pod');
  for (const line of lines) {
    const [namespace = '', name = '', ready, restarts = '0'] = line.trim().split(/\s+/);
    const bytes = used.get(`${namespace}/${name}`)?.workingSetBytes;
    total += bytes ?? 0;
    const isReady = ready === 'True';
    if (!isReady) process.exitCode = 1;
    const state = `${isReady ? '' : '   NOT READY'}${restarts === '0' || restarts === '<none>' ? '' : `   ${restarts} restarts`}`;
    console.log(`${mib(bytes)}  ${namespace}/${name}${state}`);
  }
  console.log(`${mib(total)}  all pods\n${mib(node.memory.workingSetBytes)}  the node, with kubelet and containerd`);
}

void main();
