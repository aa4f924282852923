import type { Scalar } from '../incident/alert';
import type { DeclaredPlace } from '../incident/podFacts';
import { sanitize } from '../text/sanitize';
import type { FactContainer } from './factPod';

/** As long as an alert's field. */
const LONGEST = 2048;
/** Linux keeps so much of a program's name (TASK_COMM_LEN), with which Falco begins a command line. */
const LONGEST_NAME = 15;

/**
 * Where a container's specification declares a command line that an alert names, or null. Falco's proc.cmdline is the
 * program's name and its arguments, joined by spaces (falco.org, "Supported Fields"). A process chooses its arguments, so
 * that this is a hint and never a proof. An image's own entry point is not known here.
 */
export function declaredAt(
  said: Scalar | undefined,
  { command, args, livenessProbe, readinessProbe, startupProbe, lifecycle }: FactContainer,
): DeclaredPlace | null {
  if (typeof said !== 'string' || said === '') return null;
  const isArguments = command === undefined && args !== undefined && args.length > 0;
  if (isArguments && said.endsWith(` ${masked(args.join(' '))}`)) return 'command';
  const places: readonly (readonly [DeclaredPlace, readonly string[] | undefined])[] = [
    ['command', command === undefined ? undefined : [...command, ...(args ?? [])]],
    ['liveness_probe', livenessProbe?.exec?.command],
    ['readiness_probe', readinessProbe?.exec?.command],
    ['startup_probe', startupProbe?.exec?.command],
    ['post_start_hook', lifecycle?.postStart?.exec?.command],
    ['pre_stop_hook', lifecycle?.preStop?.exec?.command],
  ];
  return places.find(([, declared]) => declared !== undefined && said === commandLine(declared))?.[0] ?? null;
}

/** How many programs are kept; a specification names as many commands as it has probes and hooks. */
const MOST_PROGRAMS = 8;

/**
 * The programs that a container's specification starts, by their base names, whatever the alert says: its author put them
 * there. A script behind `sh -c` is not read.
 */
export function declaredPrograms({
  command,
  livenessProbe,
  readinessProbe,
  startupProbe,
  lifecycle,
}: FactContainer): string[] {
  const commands = [
    command,
    livenessProbe?.exec?.command,
    readinessProbe?.exec?.command,
    startupProbe?.exec?.command,
    lifecycle?.postStart?.exec?.command,
    lifecycle?.preStop?.exec?.command,
  ];
  const names = commands.flatMap((one) => (one?.[0] === undefined ? [] : [baseName(one[0])]));
  return [...new Set(names)].slice(0, MOST_PROGRAMS).map((name) => sanitize(name, LONGEST_PROGRAM));
}

const LONGEST_PROGRAM = 64;
const baseName = (path: string): string => path.split('/').at(-1) ?? '';

/** As the alert has it. */
function commandLine([program = '', ...rest]: readonly string[]): string {
  const name = baseName(program).slice(0, LONGEST_NAME);
  return masked([name, ...rest].join(' '));
}

/** Cut and without secrets, as every text of an alert is. */
function masked(text: string): string {
  return sanitize(text, LONGEST, 'proc.cmdline');
}
