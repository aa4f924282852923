import { setImmediate as pause } from 'node:timers/promises';

import { visible } from '../../../../core/text/sanitize';
import { mask } from '../../../../core/text/masking/mask';
import { type Bounds, type Masking, masking } from '../../../../core/text/masking/structure';
import { PART_LIMIT } from '../../../../core/incident/evidence';

/** Longer than any part that is kept: the cut is made later, and says so. */
const UNCUT = 4 * 1024 * 1024;

/**
 * How much of an object is read. An actor who may write pods can write 1.5 MB into one, which must neither hold n8n nor push out
 * what else there is to keep.
 */
const BOUNDS: Bounds = { text: 8 * 1024, all: PART_LIMIT };

/** UTF-16 units that are masked in one go, before others may work. */
const STEP = 8 * 1024;

/** An API object as text: secrets masked, by name where they have one, and without what only machines need. */
export async function maskedObject(value: unknown): Promise<string> {
  return JSON.stringify(await inSteps(masking(value, BOUNDS)), undefined, 1);
}

/** A log's text with its secrets masked; its lines stay lines. */
export async function maskedLog(text: string): Promise<string> {
  const masked: string[] = [];
  for (const piece of piecesOf(text)) {
    masked.push(mask(piece));
    await pause();
  }
  return masked
    .join('')
    .split('\n')
    .map((line) => visible(line, UNCUT))
    .join('\n');
}

async function inSteps<Result>(steps: Masking<Result>): Promise<Result> {
  let units = 0;
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
    units += value;
    if (units < STEP) continue;
    units = 0;
    await pause();
  }
}

/** A log in pieces of whole lines, none of which ends within a private key. */
function* piecesOf(text: string): Generator<string> {
  let from = 0;
  while (text.length - from > STEP) {
    const last = text.lastIndexOf('\n', from + STEP) + 1;
    const next = text.indexOf('\n', from + STEP) + 1;
    const end = last > from ? last : next > 0 ? next : text.length;
    const key = text.lastIndexOf('-----BEGIN ', end);
    const open = key > from && !/-----END [A-Z0-9 ]{0,60}-----/.test(text.slice(key, end));
    const cut = open ? key : end;
    yield text.slice(from, cut);
    from = cut;
  }
  yield text.slice(from);
}
