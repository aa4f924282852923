import { anchorOf } from '../../pages/renderPage';

/** Text without blocks of code, whose lines may look like headings, tables and links. */
const withoutBlocks = (text: string): string => text.replaceAll(/^```[\s\S]*?^```$/gm, '');

/** The anchors of a page's headings, of which a link is its text. */
export function anchorsOf(text: string): string[] {
  return [...withoutBlocks(text).matchAll(/^#{1,6} (.*)$/gm)].map(([, heading = '']) =>
    anchorOf(heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')),
  );
}

/** Where the links of a page lead that stay in the checkout: a path, if it is not the page itself, and an anchor. */
export function relativeLinksOf(text: string): { path: string; anchor: string }[] {
  const prose = withoutBlocks(text).replaceAll(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => {
      const [path = '', anchor = ''] = target.split('#');
      return { path, anchor };
    });
}

/** The text under each heading of the second level. */
export function sectionsOf(text: string): ReadonlyMap<string, string> {
  return new Map(
    text
      .split(/^## /m)
      .slice(1)
      .map((section) => {
        const [heading = '', ...lines] = section.split('\n');
        return [heading, lines.join('\n')];
      }),
  );
}

/** The rows of a section's tables by what their first cells name; `User, Password` names two. */
export function rowsOf(section = ''): ReadonlyMap<string, string> {
  const rows = withoutBlocks(section)
    .split('\n')
    .filter((line, index, lines) => line.startsWith('| ') && lines[index + 1]?.startsWith('|---') !== true);
  return new Map(
    rows.flatMap((row) =>
      (row.split(' | ')[0] ?? '')
        .slice(2)
        .split(', ')
        .map((name) => [name, row]),
    ),
  );
}

/** The blocks of code of a language. */
export function blocksOf(text: string, language: string): string[] {
  return [...text.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].flatMap(([, named, block = '']) =>
    named === language ? [block] : [],
  );
}

/** All code of a page: what is in backticks, and blocks of any language. */
export function codeOf(text: string): string[] {
  const inline = [...withoutBlocks(text).matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);
  const blocks = [...text.matchAll(/^```\w*\n([\s\S]*?)^```$/gm)].map(([, block = '']) => block);
  return [...inline, ...blocks];
}
