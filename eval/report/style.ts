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

export const STYLE = `
:root { color-scheme: light dark; --ink: light-dark(#1c2430, #e4e8ee); --soft: light-dark(#5a6573, #9aa5b3); --line: light-dark(#dde2e8, #353d48); --card: light-dark(#f6f8fa, #1d232b); --good: light-dark(#1a7f4b, #4cc38a); --bad: light-dark(#c62f3b, #ff7b84); --mid: light-dark(#9a6700, #e0b040); --bar: light-dark(#3b6fd4, #7aa5f7); }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: light-dark(#fff, #12161b); max-width: 1080px; margin: 0 auto; padding: 24px; }
h1 { font-size: 24px; margin: 0 0 4px; } h2 { font-size: 18px; margin: 36px 0 8px; }
p, .soft { color: var(--soft); } p { margin: 4px 0 12px; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: 5px 10px 5px 0; border-bottom: 1px solid var(--line); vertical-align: top; }
th { color: var(--soft); font-weight: 500; } td.number, th.number { text-align: right; white-space: nowrap; }
.tiles { display: flex; flex-wrap: wrap; gap: 12px; margin: 16px 0; }
.tile { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 10px 16px; min-width: 150px; flex: 1; }
.tile b { display: block; font-size: 26px; font-weight: 600; } .tile span { color: var(--soft); font-size: 13px; }
.plots { display: flex; flex-wrap: wrap; gap: 24px; } .plots > figure { flex: 1 1 440px; }
figure { margin: 0; overflow-x: auto; } figcaption { color: var(--soft); font-size: 13px; margin: 4px 0 0; }
svg { width: 100%; max-width: 700px; height: auto; } svg.square { max-width: 340px; } svg text { font: 12px system-ui, sans-serif; fill: var(--ink); } svg text.soft { fill: var(--soft); }
.good { color: var(--good); } .bad { color: var(--bad); } .mid { color: var(--mid); }
fieldset { border: 1px solid var(--line); border-radius: 8px; display: flex; flex-wrap: wrap; gap: 6px 28px; margin: 0 0 12px; padding: 8px 14px; }
fieldset span { color: var(--soft); margin-right: 6px; } fieldset label { margin-right: 10px; white-space: nowrap; }
details { border: 1px solid var(--line); border-radius: 8px; margin: 6px 0; padding: 6px 14px; content-visibility: auto; contain-intrinsic-size: auto 42px; }
details[open] { background: var(--card); } summary { cursor: pointer; }
summary .soft { font-size: 13px; }
dl { display: grid; grid-template-columns: 150px 1fr; gap: 4px 14px; margin: 10px 0; } dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
code { font: 13px ui-monospace, monospace; overflow-wrap: anywhere; }
${hiding}
`;
