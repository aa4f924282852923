import { JOB } from '../names';
import type { LogLine } from './logLine';

/** A line that was dropped before it could be sent: what it was about. */
export interface DroppedLine {
  reason: 'number' | 'bytes' | 'age';
  incident: string | null;
  /** Its kind, such as incident or evidence. */
  event: string | null;
}

/** The line that says which lines were dropped. At most a thousand names of 36 characters: below Loki's limit. */
export function droppedLine(dropped: readonly DroppedLine[]): LogLine {
  const incidents = [
    ...new Set(dropped.flatMap(({ incident }) => (incident === null ? [] : [incident.slice(0, 128)]))),
  ];
  return {
    // No incident is decided here: lines of decisions are found by their decision.
    labels: { job: JOB, decision: 'none', classification: 'none' },
    metadata: { event: 'dropped' },
    line: JSON.stringify({
      event: 'dropped',
      reasons: [...new Set(dropped.map(({ reason }) => reason))],
      lines: dropped.length,
      kinds: [...new Set(dropped.map(({ event }) => event ?? 'unknown'))],
      incidents,
    }),
  };
}

/** What a dropped line was about. */
export function droppedBy(reason: DroppedLine['reason'], { metadata }: LogLine): DroppedLine {
  return { reason, incident: metadata.incident_id ?? null, event: metadata.event ?? null };
}
