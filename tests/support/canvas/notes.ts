import type { WorkflowNode } from '../workflows';
import { type Box, boxAt } from './geometry';

/** How n8n's editor sets a note's text: pixels of a character, of a line, and between paragraphs (its markdown styles). */
const TITLE = { character: 13, line: 33 };
const HEADING = { character: 9, line: 22 };
const TEXT = { character: 7.2, line: 19 };
const GAP = 8;
const SIDE = 12;

/** Where a note's text is: from its left upper corner, as wide as its longest line. */
export function textOf({ position: [left, top], parameters }: WorkflowNode): Box {
  const inside = Number(parameters.width) - 2 * SIDE;
  const blocks = String(parameters.content)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => sizeOf(line, inside));
  const width = Math.max(...blocks.map((block) => block.width));
  const height = blocks.reduce((sum, block) => sum + block.height, GAP);
  return boxAt([left + SIDE, top], [width, height]);
}

function sizeOf(line: string, inside: number): { width: number; height: number } {
  const style = line.startsWith('###') ? HEADING : line.startsWith('#') ? TITLE : TEXT;
  const text = line.replace(/^(?:#+|\d\.|-) /, '').replaceAll(/[*`]/g, '');
  const { lines, longest } = wrap(text, Math.floor(inside / style.character));
  return { width: longest * style.character, height: lines * style.line + GAP };
}

/** How many lines of so many characters a text fills, broken between words. */
function wrap(text: string, room: number): { lines: number; longest: number } {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && `${last} ${word}`.length <= room) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return { lines: lines.length, longest: Math.max(...lines.map(({ length }) => length)) };
}
