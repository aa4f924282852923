import { hash } from '../../alert/identity';
import { PipelineError } from '../../errors';
import type { Alert } from '../../incident/alert';
import type { FoundContext, TargetContext } from '../../incident/context';
import { EXCEPTION_DAYS, EXCEPTION_LIMITS, type ExceptionMatch, type ExceptionSpec } from '../../incident/exception';
import { CUSTOM_RESOURCES, NAMESPACES } from '../../names';
import { sanitize } from '../../text/sanitize';
import { floorOfAlert, floorOfPriority } from './floor';
import { repositoryOf } from './image';

/** What an exception can be bound to besides the rule and the pod's namespace. */
export const MATCH_PARTS = ['workload', 'image', 'parent', 'command'] as const;
export type MatchPart = (typeof MATCH_PARTS)[number];

/** What a person adds to the verdict *false positive*. */
export interface ExceptionWish {
  parts: readonly MatchPart[];
  owner: string;
  reason: string;
  days: number;
}

/** An Exception as `kubectl apply` takes it. */
export interface ExceptionManifest {
  apiVersion: string;
  kind: 'Exception';
  metadata: { name: string; namespace: string };
  spec: ExceptionSpec;
}

/**
 * The exception for the alerts that are like this one.
 * @throws PipelineError `rejected` when policy holds such alerts anyway, or when the alert lacks what was asked for
 */
export function proposedException(
  alert: Alert,
  context: TargetContext | undefined,
  { parts, owner, reason, days }: ExceptionWish,
  now: Date,
): ExceptionManifest {
  if (context?.status !== 'found')
    throw refused(alert, 'nothing is remembered of its pod', 'Write the Exception by hand: docs/exceptions.md.');
  const floor = floorOfAlert(alert) ?? floorOfPriority(alert, context);
  if (floor !== null)
    throw refused(alert, floor, "Change the rule at its source if it is wrong there: Falco's macros and exceptions.");
  if (!Number.isInteger(days) || days < 1 || days > EXCEPTION_DAYS)
    throw refused(alert, `an exception lasts from 1 to ${EXCEPTION_DAYS} days`, 'Choose another number of days.');
  const said = {
    owner: sanitize(owner.trim(), EXCEPTION_LIMITS.owner - MARK),
    reason: sanitize(reason.trim(), EXCEPTION_LIMITS.reason - MARK),
  };
  if (said.owner === '' || said.reason === '')
    throw refused(alert, 'it has no owner or no reason', 'Say who is responsible for it, and why it is right.');
  if (!parts.includes('workload') && !parts.includes('image'))
    throw refused(alert, 'it names neither a workload nor an image', 'Add one: code in a pod can forge the rest.');
  const match = matchOf(alert, context, parts);
  return {
    apiVersion: CUSTOM_RESOURCES.apiVersion,
    kind: 'Exception',
    metadata: { name: nameOf(alert.rule, match), namespace: NAMESPACES.responder },
    spec: {
      source: 'falco',
      rule: alert.rule,
      match,
      ...said,
      expiresAt: new Date(now.getTime() + days * 24 * 3_600_000).toISOString(),
      incident: alert.id,
    },
  };
}

/** Room for the mark of a text that is cut. */
const MARK = 8;

function matchOf(alert: Alert, context: FoundContext, parts: readonly MatchPart[]): ExceptionMatch {
  const wanted = (part: MatchPart, value: string | undefined): string => {
    if (value !== undefined && value !== '' && value.length <= EXCEPTION_LIMITS[part === 'workload' ? 'rule' : part])
      return value;
    throw refused(
      alert,
      `the alert has no ${part} that could be compared`,
      'Leave it out, or write the Exception by hand.',
    );
  };
  const image = alert.target?.image ?? undefined;
  return {
    namespace: context.namespace.name,
    ...(parts.includes('workload') ? { workload: workloadOf(context) } : {}),
    ...(parts.includes('image')
      ? { image: wanted('image', image === undefined ? undefined : repositoryOf(image)) }
      : {}),
    ...(parts.includes('parent') ? { parent: wanted('parent', textOf(alert, 'proc.pname')) } : {}),
    ...(parts.includes('command')
      ? { command: { operator: '=' as const, value: wanted('command', textOf(alert, 'proc.cmdline')) } }
      : {}),
  };
}

/** The top owner, also of a pod that was detached since; a pod without one is its own. */
function workloadOf({ pod, workload, quarantine }: FoundContext): { kind: string; name: string } {
  const { kind, name } = workload?.top ?? quarantine?.workload ?? pod.owner ?? { kind: 'Pod', name: pod.name };
  return { kind, name };
}

function textOf({ fields }: Alert, name: string): string | undefined {
  const value = fields[name];
  return typeof value === 'string' ? value : undefined;
}

/** A valid name of a Kubernetes object; the same for the same exception. */
function nameOf(rule: string, match: ExceptionMatch): string {
  const slug = rule
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, 40)
    .replace(/-+$/, '');
  return `${slug === '' ? 'rule' : slug}-${hash([rule, JSON.stringify(match)]).slice(0, 8)}`;
}

/**
 * A command that applies a manifest, for a shell. Texts in it are an attacker's: as written here, JSON has neither line
 * breaks nor single quotes, so that nothing ends the shell's quotes, and no escapes by letter, which n8n's pages replace.
 */
export function applyCommand(manifest: ExceptionManifest): string {
  const json = JSON.stringify(manifest)
    .replace(/\\(["\\bfnrt])/g, (escape) => byNumber(JSON.parse(`"${escape}"`) as string))
    .replace(/[^\x20-\x7e]|'/g, byNumber);
  return `printf '%s' '${json}' | kubectl apply -f -`;
}

function byNumber(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function refused({ id }: Alert, why: string, nextStep: string): PipelineError {
  return new PipelineError('rejected', `no exception for incident ${id}: ${why}`, { nextStep, incidentId: id });
}
