import type { Alert, Scalar } from '../incident/alert';
import { magnitude, type Names, renamed, renamedIn, STANDS_FOR, TIME } from './steady';

/** Numbers that the kernel, or Falco itself, counts up. */
const COUNTED: ReadonlySet<string> = new Set([
  ...['evt.time', 'evt.rawtime', 'evt.num', 'evt.cpu', 'proc.pid', 'proc.ppid', 'proc.vpid', 'proc.pvpid'],
  ...['proc.sid', 'proc.pgid', 'proc.vpgid', 'thread.tid', 'thread.vtid', 'fd.num', 'fd.ino'],
  ...['proc.duration', 'proc.ppid.duration', 'proc.pid.ts', 'proc.ppid.ts', 'container.start_ts', 'container.duration'],
]);
const NAMED: ReadonlySet<string> = new Set(['k8s.pod.name', 'k8s.pod.uid', 'container.id']);
const CLIENT_PORTS: ReadonlySet<string> = new Set(['fd.cport', 'fd.lport', 'fd.rport']);

/** Falco's texts begin with it. */
const FALCO_TIME = /^\d\d:\d\d:\d\d\.\d{1,9}: /;

/** An alert of Falco's without what is different each time. All that a process writes stays as it is. */
export function steadyAlert(alert: Alert, names: Names): Alert {
  // How its incident and its source group, count and recognize it says nothing about what happened.
  const { incident: _incident, grouping: _grouping, finding: _finding, ...rest } = alert;
  const { target, subject, related, fields } = alert;
  const connection = connectionOf(fields);
  const inText: Names = connection === null ? names : [connection.whole, ...names];
  return {
    ...rest,
    id: STANDS_FOR.id,
    time: TIME,
    receivedAt: TIME,
    fingerprint: STANDS_FOR.id,
    target: target && {
      ...target,
      pod: renamed(target.pod, names),
      podUid: target.podUid && renamed(target.podUid, names),
    },
    subject: { ...subject, name: renamed(subject.name, names) },
    fields: Object.fromEntries(
      Object.entries(fields).map(([field, value]) => [field, steadyField(field, value, names, connection)]),
    ),
    output: renamedIn(alert.output.replace(FALCO_TIME, ''), inText),
    ...(related === undefined ? {} : { related: related.map(steadyRelated) }),
  };
}

function steadyRelated(other: NonNullable<Alert['related']>[number]): NonNullable<Alert['related']>[number] {
  return { ...other, incident: STANDS_FOR.id, firstSeen: TIME, lastSeen: TIME, count: magnitude(other.count) };
}

function steadyField(field: string, value: Scalar, names: Names, connection: Connection | null): Scalar {
  if (COUNTED.has(field) && /^-?\d+$/.test(String(value))) return STANDS_FOR.id;
  if (NAMED.has(field) && typeof value === 'string') return renamed(value, names);
  if (field === 'hostname') return STANDS_FOR.node;
  if (connection === null) return value;
  if (field === 'fd.name') return connection.whole[1];
  return CLIENT_PORTS.has(field) && String(value) === connection.port ? STANDS_FOR.port : value;
}

interface Connection {
  /** The client's, which its kernel chose. */
  port: string;
  whole: Names[number];
}

/** Linux chooses from here on (ip_local_port_range). */
const FIRST_CHOSEN_PORT = 32_768;
const CONNECTION = /^([\d.]+|[\da-f:]+):(\d{5})->([\d.]+|[\da-f:]+):(\d+)$/;

function connectionOf(fields: Alert['fields']): Connection | null {
  const text = String(fields['fd.name']);
  const [, from = '', port = '', to = '', other = ''] = CONNECTION.exec(text) ?? [];
  // Of two ports that are the same it could not be said whose a field is.
  if (Number(port) < FIRST_CHOSEN_PORT || port === other) return null;
  return { port, whole: [text, `${from}:${STANDS_FOR.port}->${to}:${other}`] };
}
