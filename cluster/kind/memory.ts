/**
 * Prints the memory of each namespace's pods, and by name those that are not ready or have restarted, so that it fits a screen.
 * From the kubelet's summary (`stats.k8s.io/v1alpha1`, as JSON on standard input) and the lines of `ready_pods` (the first
 * argument). Exits 1 when a pod is not ready.
 */
import { text } from 'node:stream/consumers';
import { z } from 'zod/v4';

const MIB = 1024 * 1024;

const memory = z.object({ workingSetBytes: z.number().optional() });
const summary = z.object({
  node: z.object({ memory }),
  pods: z.array(z.object({ podRef: z.object({ name: z.string(), namespace: z.string() }), memory: memory.optional() })),
});

interface Namespace {
  pods: number;
  bytes: number;
}

async function main(): Promise<void> {
  const { node, pods } = summary.parse(JSON.parse(await text(process.stdin)));
  const used = new Map(pods.map(({ podRef, memory }) => [`${podRef.namespace}/${podRef.name}`, memory]));
  const lines = (process.argv[2] ?? '').split('\n').filter((line) => line.trim() !== '');
  const namespaces = new Map<string, Namespace>();
  const noted: string[] = [];
  for (const line of lines) {
    const [namespace = '', name = '', ready, restarts = '0'] = line.trim().split(/\s+/);
    const bytes = used.get(`${namespace}/${name}`)?.workingSetBytes;
    const sum = namespaces.get(namespace) ?? { pods: 0, bytes: 0 };
    namespaces.set(namespace, { pods: sum.pods + 1, bytes: sum.bytes + (bytes ?? 0) });
    const isReady = ready === 'True';
    if (!isReady) process.exitCode = 1;
    const state = `${isReady ? '' : '   NOT READY'}${restarts === '0' || restarts === '<none>' ? '' : `   ${restarts} restarts`}`;
    if (state !== '') noted.push(`${mib(bytes)}  ${namespace}/${name}${state}`);
  }
  const total = [...namespaces.values()].reduce((sum, { bytes }) => sum + bytes, 0);
  const rows = [...namespaces].map(([name, { pods: count, bytes }]) => `${mib(bytes)}  ${name}, ${inWords(count)}`);
  const all = `${mib(total)}  all pods; ${mib(node.memory.workingSetBytes).trim()} the node, with kubelet and containerd`;
  console.log(['    MiB  namespace', ...rows, all, ...noted].join('\n'));
}

const mib = (bytes: number | undefined): string =>
  bytes === undefined ? '      ?' : String(Math.round(bytes / MIB)).padStart(7);

const inWords = (count: number): string => (count === 1 ? '1 pod' : `${count} pods`);

void main();
