import { shownAsText } from '../text/html';
import type { Link } from '../response/links';

/** Of one text, and of one that a table has many of, in UTF-16 units; and how many rows a table or list has. */
export const LIMITS = { text: 2000, line: 600, rows: 100 } as const;

/** A part of the page. Only these functions make one, and every text that they are given is escaped. */
export interface Html {
  readonly html: string;
}

const made = (html: string): Html => ({ html });

export const text = (value: string, limit: number = LIMITS.text): Html => made(shownAsText(value, limit));

export const EMPTY = made('');

export const joined = (parts: readonly Html[]): Html => made(parts.map(({ html }) => html).join(''));

/** Elements that the report uses; none can load or run anything. */
type Element =
  | 'h1'
  | 'h2'
  | 'p'
  | 'div'
  | 'b'
  | 'span'
  | 'li'
  | 'ol'
  | 'ul'
  | 'dl'
  | 'dt'
  | 'dd'
  | 'footer'
  | 'section';
/** The classes of style.ts. */
type ClassName = 'lead' | 'soft' | 'tiles' | 'tile' | 'good' | 'bad' | 'mid';

export function element(name: Element, content: Html | string, className?: ClassName): Html {
  const inside = typeof content === 'string' ? text(content) : content;
  return made(`<${name}${className === undefined ? '' : ` class="${className}"`}>${inside.html}</${name}>`);
}

export function table(head: readonly string[], rows: readonly (readonly (Html | string)[])[]): Html {
  const cell = (tag: 'th' | 'td', value: Html | string): string =>
    `<${tag}>${(typeof value === 'string' ? text(value, LIMITS.line) : value).html}</${tag}>`;
  const row = (tag: 'th' | 'td', values: readonly (Html | string)[]): string =>
    `<tr>${values.map((value) => cell(tag, value)).join('')}</tr>`;
  const shown = withinLimit(rows, (more) => [more]);
  return made(
    `<table>${head.length === 0 ? '' : row('th', head)}${shown.map((one) => row('td', one)).join('')}</table>`,
  );
}

/** The first rows, and how many more there are. */
function withinLimit<T>(rows: readonly T[], rest: (more: string) => T): readonly T[] {
  if (rows.length <= LIMITS.rows) return rows;
  return [...rows.slice(0, LIMITS.rows), rest(`${rows.length - LIMITS.rows} more are left out.`)];
}

/** Names with their values. */
export function definitions(rows: readonly (readonly [name: string, value: Html | string])[]): Html {
  return element('dl', joined(rows.flatMap(([name, value]) => [element('dt', name), element('dd', value)])));
}

export function list(kind: 'ol' | 'ul', lines: readonly string[]): Html {
  return element(kind, joined(withinLimit(lines, (more) => more).map((line) => element('li', line))));
}

/** Links are made of the administrator's settings and of ids (core/response/links.ts), never of an alert. */
export function links(all: readonly Link[]): Html {
  return joined(
    all.map(({ text: shown, url }, index) =>
      made(
        `${index === 0 ? '' : ' · '}<a href="${shownAsText(url, LIMITS.text)}" target="_blank" rel="noopener noreferrer">${text(shown).html}</a>`,
      ),
    ),
  );
}
