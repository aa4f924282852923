import { analyse } from 'scslre';

/** What a regular expression may read more than once for some text; `Move` is the search for where a match begins. */
export function superlinear({ source, flags }: RegExp, searched: boolean): string[] {
  return analyse({ source, flags }, { reportTypes: { Move: searched, Self: true, Trade: true } }).reports.map(
    ({ type }) => type,
  );
}
