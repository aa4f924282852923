import { visible } from './sanitize';

/** A text for a page's text or an attribute in quotes: nothing of it is markup. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** The same for a text from outside, cut at `limit` UTF-16 units: nothing of it is invisible either. */
export function shownAsText(text: string, limit: number): string {
  return escapeHtml(visible(text, limit));
}
