/** Of every report: light and dark as the reader's system is, readable without anything that is loaded. */
export const PAGE_STYLE = `
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
dl { display: grid; grid-template-columns: 150px 1fr; gap: 4px 14px; margin: 10px 0; } dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
.good { color: var(--good); } .bad { color: var(--bad); } .mid { color: var(--mid); }
`;

/** Of an incident's report. It is also shown inside a page of n8n's, whose body is a flex box in n8n's colours. */
export const REPORT_STYLE = `${PAGE_STYLE}
body { display: block; max-width: 960px; font-weight: 400; }
.tile { min-width: 120px; } .tile b { font-size: 18px; }
.lead { color: var(--ink); font-size: 17px; }
td:first-child { white-space: nowrap; color: var(--soft); }
td, li { overflow-wrap: anywhere; } ol, ul { margin: 4px 0; padding-left: 22px; }
a { color: var(--bar); }
footer { margin-top: 36px; border-top: 1px solid var(--line); padding-top: 8px; font-size: 13px; }
@page { margin: 15mm; }
@media print {
  :root { color-scheme: light; }
  body { font-size: 11px; max-width: none; padding: 0; background: none; }
  h1 { font-size: 18px; } h2 { font-size: 14px; margin: 18px 0 4px; break-after: avoid; }
  .tile b { font-size: 15px; } .lead { font-size: 13px; }
  tr, dd, .tile { break-inside: avoid; }
  a { color: inherit; text-decoration: none; }
}
`;
