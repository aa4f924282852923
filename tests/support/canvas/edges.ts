import type { Workflow, WorkflowNode } from '../workflows';
import { between, type Path, type Point } from './geometry';
import { boxOf, outputsOf } from './nodes';

/** A connection between two nodes, and the line that n8n draws for it. */
export interface Edge {
  from: string;
  output: number;
  to: string;
  path: Path;
}

/** How far a line that goes back to the left runs from a node's sides, and below its output (n8n's getEdgeRenderData). */
const SIDE = 40;
const BELOW = 130;

/** All lines of a workflow. */
export function edgesOf({ nodes, connections }: Workflow): Edge[] {
  const named = new Map(nodes.map((node) => [node.name, node]));
  return Object.entries(connections).flatMap(([from, kinds]) =>
    Object.entries(kinds).flatMap(([kind, outputs]) =>
      outputs.flatMap((links, output) =>
        links.flatMap(({ node: to }) => {
          const [source, target] = [named.get(from), named.get(to)];
          if (source === undefined || target === undefined) return [];
          return [
            { from, output, to, path: kind === 'main' ? flow(source, output, target) : supply(source, kind, target) },
          ];
        }),
      ),
    ),
  );
}

/** From an output at the right to an input at the left: a curve, or around where the input is further left. */
function flow(source: WorkflowNode, output: number, target: WorkflowNode): Path {
  const [from, to] = [boxOf(source), boxOf(target)];
  const start: Point = [from.right, from.top + ((from.bottom - from.top) * (output + 1)) / (outputsOf(source) + 1)];
  const end: Point = [to.left, (to.top + to.bottom) / 2];
  if (start[0] - 20 <= end[0]) {
    const middle = Math.abs(end[0] - start[0]) / 2;
    return curve(start, [start[0] + middle, start[1]], [end[0] - middle, end[1]], end);
  }
  const [out, down, back] = [start[0] + SIDE, start[1] + BELOW, end[0] - SIDE];
  return [start, [out, start[1]], [out, down], [back, down], [back, end[1]], end];
}

/** The places at an agent's bottom, from the left: n8n keeps those that need no node at the right. */
const PLACES: Readonly<Record<string, number>> = { ai_languageModel: 0, ai_memory: 2, ai_tool: 3 };
const BETWEEN_PLACES = 48;

/** From the top of a model, a memory or a tool to its input at an agent's bottom. */
function supply(source: WorkflowNode, kind: string, target: WorkflowNode): Path {
  const [from, to] = [boxOf(source), boxOf(target)];
  const start: Point = [(from.left + from.right) / 2, from.top];
  const end: Point = [to.left + SIDE + BETWEEN_PLACES * (PLACES[kind] ?? 0), to.bottom];
  const middle = Math.abs(end[1] - start[1]) / 2;
  return curve(start, [start[0], start[1] - middle], [end[0], end[1] + middle], end);
}

const STEPS = 48;

/** A cubic Bezier curve as short straight lines. */
function curve(start: Point, pull: Point, push: Point, end: Point): Path {
  return Array.from({ length: STEPS + 1 }, (_, step) => {
    const share = step / STEPS;
    const [one, two, three] = [between(start, pull, share), between(pull, push, share), between(push, end, share)];
    return between(between(one, two, share), between(two, three, share), share);
  });
}
