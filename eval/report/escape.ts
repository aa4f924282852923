import { shownAsText } from '../../core/text/html.js';

/** Of one text of a case, in UTF-16 units. */
const LONGEST = 4000;

/** A text from outside for a page's text or an attribute in quotes: nothing of it is markup, and nothing invisible. */
export function escape(text: string): string {
  return shownAsText(text, LONGEST);
}
