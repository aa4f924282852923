import { visible } from '../../../core/alert/text';
import { mask } from '../../../core/masking/mask';
import { type Bounds, maskStructure } from '../../../core/masking/structure';
import { PART_LIMIT } from '../../../core/response/evidence';

/** Longer than any part that is kept: the cut is made later, and says so. */
const UNCUT = 4 * 1024 * 1024;

/**
 * How much of an object is read. Whoever may write pods writes up to 1.5 MB into one, which must neither hold n8n nor push
 * out what else there is to keep.
 */
const BOUNDS: Bounds = { text: 8 * 1024, all: 2 * PART_LIMIT };

/** An API object as text: secrets masked, by name where they have one, and without what only machines need. */
export function maskedObject(value: unknown): string {
  return JSON.stringify(maskStructure(value, BOUNDS), undefined, 1);
}

/** A log's text with its secrets masked; its lines stay lines. */
export function maskedLog(text: string): string {
  return mask(text)
    .split('\n')
    .map((line) => visible(line, UNCUT))
    .join('\n');
}
