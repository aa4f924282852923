import { endOfException, type Exception, type ExceptionMatch } from '../../incident/exception';
import { repositoryOf } from './image';

/** An item of a Falco rules file that adds an exception to a rule. */
export interface FalcoOverride {
  rule: string;
  exceptions: [{ name: string; fields: string[]; comps: string[]; values: string[][] }];
  override: { exceptions: 'append' };
}

/** Exceptions as Falco takes them, and those that Falco could only have wider or not at all. */
export interface FalcoExport {
  items: FalcoOverride[];
  exported: { name: string; endsAt: string }[];
  refused: { name: string; why: string }[];
}

/** The exceptions that have not ended, as Falco's rule exceptions. */
export function falcoExport(exceptions: readonly Exception[], now: Date): FalcoExport {
  const result: FalcoExport = { items: [], exported: [], refused: [] };
  for (const exception of exceptions) {
    const [name, end] = [exception.metadata.name, endOfException(exception)];
    if (end <= now) continue;
    const item = falcoOverride(exception);
    if (typeof item === 'string') result.refused.push({ name, why: item });
    else {
      result.items.push(item);
      result.exported.push({ name, endsAt: end.toISOString() });
    }
  }
  return result;
}

/** One condition of an exception: a row of values is true for each of them. */
interface Condition {
  field: string;
  comp: string;
  /** One of them has to match; each makes a row of its own. */
  values: string[];
}

/** An exception as Falco's, or why it cannot be one without being wider. */
function falcoOverride({ metadata, spec }: Exception): FalcoOverride | string {
  const conditions = conditionsOf(spec.match);
  if (typeof conditions === 'string') return conditions;
  const problem = conditions.flatMap(({ values }) => values.map(whyUnsafe)).find((why) => why !== null);
  if (problem !== undefined) return problem;
  const rows = conditions.reduce<string[][]>(
    (made, { values }) => made.flatMap((row) => values.map((value) => [...row, `"${value}"`])),
    [[]],
  );
  return {
    rule: spec.rule,
    exceptions: [
      {
        name: metadata.name,
        fields: conditions.map(({ field }) => field),
        comps: conditions.map(({ comp }) => comp),
        values: rows,
      },
    ],
    override: { exceptions: 'append' },
  };
}

function conditionsOf({ namespace, workload, image, parent, command }: ExceptionMatch): Condition[] | string {
  const pods = workload === undefined ? null : podNames(workload);
  if (typeof pods === 'string') return pods;
  // Falco's patterns know more than ours.
  if (command?.operator === 'glob' && /[[\]()]/.test(command.value))
    return 'its pattern has brackets, which Falco reads as a set of characters or of patterns';
  return [
    { field: 'k8s.ns.name', comp: '=', values: [namespace] },
    ...(pods === null ? [] : [pods]),
    ...(image === undefined ? [] : [{ field: 'container.image.repository', comp: '=', values: [repositoryOf(image)] }]),
    ...(parent === undefined ? [] : [{ field: 'proc.pname', comp: '=', values: [parent] }]),
    ...(command === undefined ? [] : [{ field: 'proc.cmdline', comp: command.operator, values: [command.value] }]),
  ];
}

/** A character of what Kubernetes adds to a name: digits and letters, so that no other workload's name can be meant. */
const ANY = '[0-9a-z]';
const some = (count: number): string => ANY.repeat(count);
const upTo = (least: number, most: number): number[] =>
  Array.from({ length: most - least + 1 }, (_, index) => least + index);

/** What a controller adds to a workload's name for its pods; Falco knows pods, not their owners. */
const SUFFIXES: ReadonlyMap<string, readonly string[]> = new Map([
  ['Deployment', upTo(6, 10).map((length) => `-${some(length)}-${some(5)}`)],
  ['ReplicaSet', [`-${some(5)}`]],
  ['DaemonSet', [`-${some(5)}`]],
  ['Job', [`-${some(5)}`]],
  ['CronJob', [`-${'[0-9]'.repeat(8)}-${some(5)}`]],
  ['StatefulSet', upTo(1, 3).map((digits) => `-${'[0-9]'.repeat(digits)}`)],
]);

/** Kubernetes cuts the base of a generated name here, where one pattern would also mean other workloads. */
const LONGEST_BASE = 45;

function podNames({ kind, name }: { kind: string; name: string }): Condition | string {
  if (!/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(name)) return `${kind} ${name} is not a Kubernetes name`;
  if (kind === 'Pod') return { field: 'k8s.pod.name', comp: '=', values: [name] };
  const suffixes = SUFFIXES.get(kind);
  if (suffixes === undefined) return `Falco cannot tell the pods of a ${kind} from others by their names`;
  if (name.length > LONGEST_BASE) return `the name of ${kind} ${name} is too long to tell its pods by their names`;
  return { field: 'k8s.pod.name', comp: 'glob', values: suffixes.map((suffix) => `${name}${suffix}`) };
}

/** Words inside quotes that Falco would replace by a list's items: its lists are named like this. */
const LIST_NAME = /(?<=[\s(),=])[a-zA-Z]\w*_\w*(?=[\s(),=])/;

/**
 * Why Falco cannot take a value, or null. Falco puts values into the rule's condition as they are: it neither escapes
 * quotes nor leaves the names of its lists alone. A value is put in quotes here, which nothing in it may end.
 */
function whyUnsafe(value: string): string | null {
  if (/["\\]/.test(value)) return 'a value has a quote or a backslash, which Falco does not escape';
  if (/\p{C}/u.test(value)) return 'a value has a character that cannot be seen';
  if (/\[masked: |\[…\]/.test(value)) return 'a value was masked or cut, so that Falco never sees it';
  const list = LIST_NAME.exec(value)?.[0];
  return list === undefined ? null : `Falco would read the word ${list} as the name of a list`;
}
