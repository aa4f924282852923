import { NODES } from '../ours';
import type { WorkflowNode } from '../workflows';
import { type Box, boxAt, type Point } from './geometry';

export const descriptionOf = ({ type }: WorkflowNode) =>
  NODES.find(({ description }) => type === `n8n-nodes-incident-pipeline.${description.name}`)?.description;

const kindOf = ({ type }: WorkflowNode): string => type.split('.').at(-1) ?? '';
export const isNote = (node: WorkflowNode): boolean => kindOf(node) === 'stickyNote';
/** A model, a memory or a tool: a circle under its agent. */
const isSupply = (node: WorkflowNode): boolean => /^(?:lmChat|memory|tool)/.test(kindOf(node));
export const isAgent = (node: WorkflowNode): boolean => /agent$/i.test(kindOf(node));

/** How many outputs n8n draws at a node's right side. */
export function outputsOf(node: WorkflowNode): number {
  if (isSupply(node)) return 0;
  const ofErrors = node.onError === 'continueErrorOutput' ? 1 : 0;
  return ownOutputsOf(node) + ofErrors;
}

function ownOutputsOf(node: WorkflowNode): number {
  const { outputs } = descriptionOf(node) ?? {};
  if (Array.isArray(outputs)) return outputs.length;
  switch (kindOf(node)) {
    case 'if':
    case 'splitInBatches':
      return 2;
    case 'switch':
      return (node.parameters.rules as { values: unknown[] }).values.length + (hasFallback(node) ? 1 : 0);
    case 'stopAndError':
      return 0;
    default:
      return 1;
  }
}

const hasFallback = ({ parameters }: WorkflowNode): boolean =>
  (parameters.options as { fallbackOutput?: string } | undefined)?.fallbackOutput === 'extra';

/** A square of n8n's grid. */
const GRID = 16;

/** What n8n's editor draws (its nodeViewUtils, calculateNodeSize): a square, wider with inputs at its bottom, higher with many outputs. */
export function boxOf(node: WorkflowNode): Box {
  if (isNote(node)) return boxAt(node.position, [Number(node.parameters.width), Number(node.parameters.height)]);
  if (isSupply(node)) return boxAt(node.position, [5 * GRID, 5 * GRID]);
  const size: Point = [(isAgent(node) ? 14 : 6) * GRID, 6 * GRID + Math.max(0, outputsOf(node) - 2) * 2 * GRID];
  return boxAt(node.position, size);
}

/** Where the line and the plus sign are that n8n draws at an output to which nothing is connected. */
export function openOutputsOf(node: WorkflowNode, connected: readonly (readonly unknown[])[]): Box[] {
  if (isNote(node)) return [];
  const { right, top, bottom } = boxOf(node);
  const all = outputsOf(node);
  // A line is longer where the outputs have names.
  const length = all > 1 ? 100 : 88;
  return Array.from({ length: all }, (_, output) => output)
    .filter((output) => (connected[output] ?? []).length === 0)
    .map((output) => top + ((bottom - top) * (output + 1)) / (all + 1))
    .map((y) => boxAt([right, y - 12], [length, 24]));
}

/** Wide enough for most texts in n8n's typeface: a name is 16 pixels high, the line under it 13. */
const NAME_PIXELS = 8.2;
const SUBTITLE_PIXELS = 6.4;
const LINE = 24;
const WIDEST = 192;

/** Where a node's name, and what n8n says of its state and operation, is under it; an agent has it inside. */
export function labelOf(node: WorkflowNode): Box | null {
  if (isNote(node) || isAgent(node)) return null;
  const { left, right, bottom } = boxOf(node);
  const name = node.name.length * NAME_PIXELS;
  const subtitle = subtitleOf(node).length * SUBTITLE_PIXELS;
  const width = Math.min(WIDEST, Math.max(name, subtitle));
  const lines = Math.ceil(name / WIDEST) + (node.disabled === true ? 1 : 0) + (subtitle === 0 ? 0 : 1);
  return boxAt([(left + right - width) / 2, bottom], [width, 8 + lines * LINE]);
}

function subtitleOf(node: WorkflowNode): string {
  const subtitle = descriptionOf(node)?.subtitle;
  if (subtitle !== undefined && !subtitle.startsWith('=')) return subtitle;
  const { operation, sender, resource, path, method, url, mode } = node.parameters as Record<string, string>;
  return [operation ?? sender ?? method ?? mode, resource ?? path ?? url]
    .filter((part) => part !== undefined)
    .join(': ');
}
