import { PAGE_STYLE } from '../../core/report/style.js';

/** The filters of the stories: attribute, values, and what a person reads. */
export const FILTERS = [
  { attribute: 'kind', values: ['attack', 'benign'] },
  { attribute: 'split', values: ['tuning', 'held-out'] },
  { attribute: 'difficulty', values: ['easy', 'medium', 'hard'] },
  { attribute: 'verdict', values: ['right', 'not good', 'harm'] },
] as const;

export const filterId = (attribute: string, value: string): string => `filter-${attribute}-${value.replace(' ', '-')}`;

/** A box that is not checked hides its stories: the page needs no script. */
const hiding = FILTERS.flatMap(({ attribute, values }) =>
  values.map(
    (value) =>
      `body:has(#${filterId(attribute, value)}:not(:checked)) details[data-${attribute}="${value}"] { display: none; }`,
  ),
).join('\n');

export const STYLE = `${PAGE_STYLE}
.plots { display: flex; flex-wrap: wrap; gap: 24px; } .plots > figure { flex: 1 1 440px; }
figure { margin: 0; overflow-x: auto; } figcaption { color: var(--soft); font-size: 13px; margin: 4px 0 0; }
svg { width: 100%; max-width: 700px; height: auto; } svg.square { max-width: 340px; } svg text { font: 12px system-ui, sans-serif; fill: var(--ink); } svg text.soft { fill: var(--soft); }
fieldset { border: 1px solid var(--line); border-radius: 8px; display: flex; flex-wrap: wrap; gap: 6px 28px; margin: 0 0 12px; padding: 8px 14px; }
fieldset span { color: var(--soft); margin-right: 6px; } fieldset label { margin-right: 10px; white-space: nowrap; }
details { border: 1px solid var(--line); border-radius: 8px; margin: 6px 0; padding: 6px 14px; content-visibility: auto; contain-intrinsic-size: auto 42px; }
details[open] { background: var(--card); } summary { cursor: pointer; }
summary .soft { font-size: 13px; }
code { font: 13px ui-monospace, monospace; overflow-wrap: anywhere; }
${hiding}
`;
