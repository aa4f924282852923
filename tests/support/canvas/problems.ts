import type { Workflow } from '../workflows';
import { type Edge, edgesOf } from './edges';
import { around, type Box, cross, isInside, overlap, passesThrough } from './geometry';
import { boxOf, isNote, labelOf, openOutputsOf } from './nodes';
import { textOf } from './notes';

/** A box on the canvas with something in it to read: a node, its name, or a note's text. */
interface Drawn {
  node: string;
  what: string;
  box: Box;
}

function drawn({ nodes }: Workflow): Drawn[] {
  return nodes.flatMap((node) => {
    if (isNote(node)) return [{ node: node.name, what: `the text of ${node.name}`, box: textOf(node) }];
    const label = labelOf(node);
    return [
      { node: node.name, what: node.name, box: boxOf(node) },
      ...(label === null ? [] : [{ node: node.name, what: `the name of ${node.name}`, box: label }]),
    ];
  });
}

const openOutputs = ({ nodes, connections }: Workflow): Drawn[] =>
  nodes.flatMap((node) =>
    openOutputsOf(node, connections[node.name]?.main ?? []).map((box) => ({
      node: node.name,
      what: `an open output of ${node.name}`,
      box,
    })),
  );

/** Nodes, names, texts and open outputs that cover each other. */
export function overlaps(workflow: Workflow): string[] {
  const all = [...drawn(workflow), ...openOutputs(workflow)];
  return all.flatMap((one, index) =>
    all
      .slice(index + 1)
      .filter((other) => other.node !== one.node && overlap(one.box, other.box))
      .map((other) => `${one.what} and ${other.what}`),
  );
}

/** Lines that run through a node, a name or a text. A line leaves and enters its own nodes, but not through their names. */
export function struckThrough(workflow: Workflow): string[] {
  const all = drawn(workflow);
  return edgesOf(workflow).flatMap((edge) =>
    all
      .filter(({ node, what }) => (node !== edge.from && node !== edge.to) || what !== node)
      .filter(({ box }) => passesThrough(edge.path, box))
      .map(({ what }) => `${named(edge)} runs through ${what}`),
  );
}

/** Lines that cross. Those of one node, or into one, are seen as a bundle: they have to part or meet somewhere. */
export function crossings(workflow: Workflow): string[] {
  const edges = edgesOf(workflow);
  const found = edges.flatMap((one, index) =>
    edges
      .slice(index + 1)
      .filter((other) => one.from !== other.from && one.to !== other.to && cross(one.path, other.path))
      .map((other) => [named(one), named(other)].sort().join(' x ')),
  );
  return [...new Set(found)].sort();
}

const named = ({ from, to }: Edge): string => `${from} -> ${to}`;

/** Nodes, with their names, that do not stand wholly in a note. */
export function withoutNote({ nodes }: Workflow): string[] {
  const notes = nodes.filter(isNote).map(boxOf);
  return nodes
    .filter((node) => !isNote(node))
    .filter((node) => {
      const label = labelOf(node);
      const box = label === null ? boxOf(node) : around([boxOf(node), label]);
      return !notes.some((note) => isInside(box, note));
    })
    .map(({ name }) => name);
}

/** Notes that cover each other or lie under a node that is only partly in them. */
export function cutByNotes({ nodes }: Workflow): string[] {
  const notes = nodes.filter(isNote);
  const others = nodes.filter((node) => !isNote(node));
  return notes.flatMap((note, index) => [
    ...notes
      .slice(index + 1)
      .filter((other) => overlap(boxOf(note), boxOf(other)))
      .map((other) => `${note.name} and ${other.name}`),
    ...others
      .filter((node) => overlap(boxOf(note), boxOf(node)) && !isInside(boxOf(node), boxOf(note)))
      .map((node) => `${note.name} cuts ${node.name}`),
  ]);
}

/** Notes whose text is longer than they are. */
export function tooSmall({ nodes }: Workflow): string[] {
  return nodes.filter((node) => isNote(node) && !isInside(textOf(node), boxOf(node))).map(({ name }) => name);
}

/** How wide and high the whole canvas is. */
export function sizeOf({ nodes }: Workflow): { width: number; height: number } {
  const { left, top, right, bottom } = around(nodes.map(boxOf));
  return { width: right - left, height: bottom - top };
}
