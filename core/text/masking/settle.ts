import { KINDS } from './find';
import type { Span } from './span';

/** An existing marker. It must have a kind of ours, so that no secret can hide inside a marker. */
export const MARKER = new RegExp(String.raw`\[masked: (?:${[...new Set(KINDS)].join('|')})\]`, 'g');

/** The kind of a marker that already existed. */
const KNOWN = '';

/** A span joined with everything that overlaps it, existing markers included: one span. */
interface Group extends Span {
  /** The existing marker, if the group consists of nothing else. */
  marker: { start: number; end: number } | null;
}

/** The spans in order, with overlapping ones joined, without those that are already markers. */
export function settled(spans: readonly Span[], text: string): Span[] {
  const markers = [...text.matchAll(MARKER)].map(({ 0: { length }, index }) => ({ start: index, end: index + length }));
  const parts: Group[] = [
    ...markers.map((marker) => ({ ...marker, kind: KNOWN, marker })),
    ...spans.map((span) => ({ ...span, marker: null })),
  ];
  const groups: Group[] = [];
  for (const part of parts.sort((a, b) => a.start - b.start)) {
    const last = groups.at(-1);
    if (last === undefined || part.start >= last.end) groups.push({ ...part });
    else join(last, part);
  }
  return groups.filter(({ start, end, marker }) => marker === null || marker.start !== start || marker.end !== end);
}

function join(group: Group, part: Group): void {
  group.end = Math.max(group.end, part.end);
  group.marker ??= part.marker;
  if (rank(part.kind) < rank(group.kind)) group.kind = part.kind;
}

function rank(kind: string): number {
  return kind === KNOWN ? KINDS.length : KINDS.indexOf(kind);
}
