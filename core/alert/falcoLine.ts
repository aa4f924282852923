import { z } from 'zod/v4';

import { isAtLeast, parsePriority, type Priority } from '../incident/priority';
import { FALCO_METADATA, nameIn, SYSCALL } from '../sources/falcoIdentity';

export { FALCO_METADATA };
import { isRecord } from '../sources/limits';

/** A line of Loki's. All of it is as trustworthy as the writers that Loki lets push. */
export interface LokiEntry {
  /** Nanoseconds since 1970. */
  time: string;
  line: string;
  /** The stream's labels and the line's structured metadata. */
  labels: Readonly<Record<string, string>>;
}

/**
 * What an event of Falco's is found again by, in the form of Falco's JSON: no text that a process wrote, nothing that only
 * Falcosidekick adds.
 */
export const falcoEventSchema = z.object({
  rule: z.string().min(1),
  priority: z.string(),
  time: z.iso.datetime(),
  hostname: z.string().nullable(),
  source: z.string().nullable(),
  output: z.string(),
  output_fields: z.record(z.string(), z.string()),
});
export type FalcoEvent = z.infer<typeof falcoEventSchema>;

const FIELDS = Object.entries(FALCO_METADATA);

/**
 * Reads a line of Falco's output in Loki: as Alloy writes it, the rule with its facts as labels and structured metadata, or
 * Falco's own JSON.
 * @returns null for a line that is no event that can be found again
 */
export function readFalcoLine(
  { time, line, labels }: LokiEntry,
  floor: Exclude<Priority, 'unknown'>,
): FalcoEvent | null {
  const said = line.startsWith('{') ? fromJson(line) : fromLabels(labels);
  if (said === null) return null;
  const rule = nameIn(said.rule);
  const priority = nameIn(said.priority);
  if (rule === null || priority === null || !isAtLeast(parsePriority(priority), floor)) return null;
  if ((nameIn(said.source) ?? SYSCALL) !== SYSCALL) return null;
  const hostname = nameIn(said.hostname);
  const fields = Object.fromEntries(
    FIELDS.flatMap(([field]) => {
      const value = nameIn(said.fields[field]);
      return value === null ? [] : [[field, value]];
    }),
  );
  // Without any of them, it cannot be told from an event elsewhere.
  if (hostname === null && fields['k8s.pod.name'] === undefined) return null;
  return { rule, priority, time: timeIn(time), hostname, source: SYSCALL, output: rule, output_fields: fields };
}

/** What a line says, before any of it is checked. */
interface Said {
  rule: unknown;
  priority: unknown;
  source: unknown;
  hostname: unknown;
  fields: Readonly<Record<string, unknown>>;
}

function fromJson(line: string): Said | null {
  try {
    const json: unknown = JSON.parse(line);
    if (!isRecord(json)) return null;
    const { rule, priority, source, hostname, output_fields: fields } = json;
    return { rule, priority, source, hostname, fields: isRecord(fields) ? fields : {} };
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function fromLabels(labels: LokiEntry['labels']): Said {
  const { rule, priority, source, hostname } = labels;
  return {
    rule,
    priority,
    source,
    hostname,
    fields: Object.fromEntries(FIELDS.map(([field, name]) => [field, labels[name]])),
  };
}

/** ISO 8601 with all of Loki's nanoseconds, as Falco writes it. */
function timeIn(nanoseconds: string): string {
  const at = BigInt(nanoseconds);
  const milliseconds = new Date(Number(at / 1_000_000n)).toISOString();
  return `${milliseconds.slice(0, -1)}${String(at % 1_000_000n).padStart(6, '0')}Z`;
}

/** Events of one rule, priority and pod have the same; of what is no pod, those of one container or host. */
export function sameFalcoEvents({ rule, priority, hostname, output_fields: fields }: FalcoEvent): string {
  return JSON.stringify([rule, priority, hostname, ...FIELDS.map(([field]) => fields[field] ?? null)]);
}
