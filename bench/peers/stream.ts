import { type AlertFile, freshAlert, loadAlert, now } from '../../cluster/local/alerts/alertFiles.js';
import type { Random } from '../chaos/seeded.js';
import type { ReadyAlert } from '../scale/load.js';

/** Of ten alerts of a source, one has another command line than the recorded one. */
const OTHER_COMMAND = 0.1;
const OTHER_COMMANDS = 4;
/** From which the kernel chooses ports (ip_local_port_range). */
const PORTS = { first: 32_768, count: 28_232 } as const;

/** An alert of a stream. */
export interface Repeat {
  /** The index of its source: one rule about one pod. */
  source: number;
  /** Which of the source's command lines it has; 0 is the recorded one. */
  command: number;
  /** The port of the connection, if it is about one. */
  port: number;
}

/**
 * A stream of alerts as a cluster sends them. Few sources send most of them, by Zipf's law: the second half as many as the
 * first, the third a third, and so on. They come in a random order, and differ in ports and now and then in command lines.
 */
export function planStream(random: Random, alerts: number, sources: number): Repeat[] {
  const weights = Array.from({ length: sources }, (_, rank) => 1 / (rank + 1));
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  return Array.from({ length: alerts }, () => ({
    source: drawn(weights, random() * all),
    command: random() < OTHER_COMMAND ? 1 + Math.floor(random() * OTHER_COMMANDS) : 0,
    port: PORTS.first + Math.floor(random() * PORTS.count),
  }));
}

function drawn(weights: readonly number[], at: number): number {
  let rest = at;
  const found = weights.findIndex((weight) => (rest -= weight) < 0);
  return found === -1 ? weights.length - 1 : found;
}

/** The body that Falcosidekick posts. */
export async function bodyOfRepeat(repeat: Repeat, { kind, namespace, pod, podUid }: ReadyAlert): Promise<string> {
  const alert = varied(await loadAlert(kind), repeat);
  alert.output_fields['k8s.ns.name'] = namespace;
  alert.output_fields['k8s.pod.name'] = pod;
  return freshAlert(alert, now(podUid));
}

function varied(alert: AlertFile, { command, port }: Repeat): AlertFile {
  const fields = alert.output_fields;
  const line = String(fields['proc.cmdline']);
  const changed = command === 0 ? line : `${line} -${command}`;
  const recorded = Number(fields['fd.lport']);
  const withPort = (text: string): string => text.replace(`:${recorded}->`, `:${port}->`);
  return {
    ...alert,
    output: withPort(alert.output)
      .replace(`command=${line} `, `command=${changed} `)
      .replace(`lport=${recorded} `, `lport=${port} `),
    output_fields: {
      ...fields,
      'proc.cmdline': changed,
      ...(Number.isNaN(recorded) ? {} : { 'fd.lport': port, 'fd.name': withPort(String(fields['fd.name'])) }),
    },
  };
}
