import { KINDS } from './find';
import type { Span } from './span';

/** What already stands for a secret. Only with a kind of ours, so that nothing can hide inside one. */
export const MARKER = new RegExp(String.raw`\[masked: (?:${[...new Set(KINDS)].join('|')})\]`, 'g');

/** Stands for the kind of a marker that was there before. */
const KNOWN = '';

/** What a span and everything that overlaps it, known markers too, becomes: one span. */
interface Group extends Span {
  /** A marker that stands there already, if it is all there is. */
  marker: { start: number; end: number } | null;
}

/** Spans in order, those that overlap joined, without those that are markers already. */
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
