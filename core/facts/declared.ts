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

/** As the alert has it. */
function commandLine([program = '', ...rest]: readonly string[]): string {
  const name = (program.split('/').at(-1) ?? '').slice(0, LONGEST_NAME);
  return masked([name, ...rest].join(' '));
}

/** Cut and without secrets, as every text of an alert is. */
function masked(text: string): string {
  return sanitize(text, LONGEST, 'proc.cmdline');
}
