import { textOf } from './fields';

/** Falco's fields that say where an event was, and what manifests/monitoring/alloy.yaml calls them in Loki. */
export const FALCO_METADATA = {
  'k8s.ns.name': 'namespace',
  'k8s.pod.name': 'pod',
  'k8s.pod.uid': 'pod_uid',
  'container.id': 'container_id',
  'container.name': 'container',
} as const;

/** Falco's events of system calls. Its messages about itself and the events of plugins name other things than pods. */
export const SYSCALL = 'syscall';

/** UTF-16 units of a rule's name and of each other text; a longer one is no name. */
const LONGEST = 512;

/** What Falcosidekick's payload and a line in Loki both say of an event. Nothing of it is checked. */
export interface FalcoSaid {
  rule: unknown;
  /** ISO 8601, up to nanoseconds: when the kernel saw the system call. */
  time: string;
  hostname: unknown;
  /** Missing in old versions of Falco: then it is a system call. */
  source: unknown;
  fields: Readonly<Record<string, unknown>>;
}

/**
 * What identifies a system call's event: the same texts whether Falcosidekick posted it or it was read from Loki, so that an
 * alert which comes both ways is one. Null for what cannot be told from an event elsewhere.
 */
export function falcoIdentity({ rule, time, hostname, source, fields }: FalcoSaid): string[] | null {
  if ((nameIn(source) ?? SYSCALL) !== SYSCALL) return null;
  const [host, at] = [nameIn(hostname), nanoseconds(time)];
  const where = Object.keys(FALCO_METADATA).map((field) => nameIn(fields[field]));
  if (at === null || (host === null && nameIn(fields['k8s.pod.name']) === null)) return null;
  return ['syscall', nameIn(rule) ?? '', at, host ?? '', ...where.map((name) => name ?? '')];
}

/** A field's text, if it is short enough to name something. */
export function nameIn(value: unknown): string | null {
  const text = textOf(value);
  return text === null || text.length > LONGEST ? null : text;
}

/** Nanoseconds since 1970. Go leaves out the zeros at the end of a time, Falco does not. */
function nanoseconds(time: string): string | null {
  const second = Math.floor(Date.parse(time) / 1000);
  const [, fraction = ''] = /T\d\d:\d\d:\d\d(?:\.(\d{1,9}))?/.exec(time) ?? [];
  return Number.isNaN(second) ? null : `${second}${fraction.padEnd(9, '0')}`;
}
