import { posix } from 'node:path';

import type { Token } from 'marked';

/** A page of docs/: its path there, and its text in Markdown. */
export interface Page {
  path: string;
  text: string;
}

/** The page that lists the others. */
const INDEX = 'README.md';

/**
 * A page as a file that n8n serves from the package: of a package it serves pictures alone, and an SVG is XML, in which a browser
 * draws what is HTML as HTML. So people read the page of the version that they have, without the internet.
 * @param pages paths of all pages, to which links may lead; other files of the checkout are not in the package
 */
export async function renderPage({ path, text }: Page, pages: ReadonlySet<string>): Promise<string> {
  const { Marked } = await import('marked');
  const marked = new Marked({
    renderer: {
      heading({ tokens, depth }) {
        return `<h${depth} id="${anchorOf(textOf(tokens))}">${this.parser.parseInline(tokens)}</h${depth}>\n`;
      },
      link({ href, tokens }) {
        const label = this.parser.parseInline(tokens);
        const target = targetOf(path, href, pages);
        if (target === null) return label;
        const elsewhere = /^https?:/.test(target) ? ' target="_blank" rel="noopener noreferrer"' : '';
        return `<a href="${target.replaceAll('&', '&amp;').replaceAll('"', '&quot;')}"${elsewhere}>${label}</a>`;
      },
    },
  });
  const body = wellFormed(await marked.parse(text));
  const title = /^# (.*)$/m.exec(text)?.[1] ?? path;
  return `<?xml version="1.0" encoding="UTF-8"?>
<html xmlns="http://www.w3.org/1999/xhtml" lang="en">
<head><title>${title.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</title><style>${STYLE}</style></head>
<body>
<nav><a href="${posix.relative(posix.dirname(path), fileOf(INDEX))}">All pages</a></nav>
${body}</body>
</html>
`;
}

/** The anchor of a heading, as GitHub makes it. */
export function anchorOf(heading: string): string {
  return heading
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(/\s/g, '-');
}

/** The file of a page in the package. */
export const fileOf = (path: string): string => path.replace(/\.md$/, '.svg');

/** Where a link leads from a page in the package; null for what is only in the checkout. */
function targetOf(path: string, href: string, pages: ReadonlySet<string>): string | null {
  if (/^(?:https?:|#)/.test(href)) return href;
  const [file = '', anchor] = href.split('#');
  if (!pages.has(posix.normalize(posix.join(posix.dirname(path), file)))) return null;
  return `${fileOf(file)}${anchor === undefined ? '' : `#${anchor}`}`;
}

function textOf(tokens: readonly Token[]): string {
  return tokens
    .map((token) =>
      'tokens' in token && token.tokens !== undefined
        ? textOf(token.tokens)
        : 'text' in token
          ? String(token.text)
          : '',
    )
    .join('');
}

/** HTML leaves some elements open, XML none. */
const wellFormed = (html: string): string => html.replaceAll(/<(br|hr|img|input)\b([^>]*?)\/?>/g, '<$1$2/>');

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.6 system-ui, sans-serif; }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1.5rem 4rem; }
h1, h2, h3 { line-height: 1.25; margin-top: 2em; }
h1 { margin-top: 0; }
code, pre { font: 0.875em/1.5 ui-monospace, monospace; background: color-mix(in srgb, currentColor 8%, transparent); border-radius: 4px; }
code { padding: 0.1em 0.3em; }
pre { padding: 1em; overflow-x: auto; }
img { max-width: 100%; }
pre code { padding: 0; background: none; font-size: 1em; }
table { border-collapse: collapse; display: block; overflow-x: auto; }
th, td { border: 1px solid color-mix(in srgb, currentColor 25%, transparent); padding: 0.4em 0.7em; text-align: left; vertical-align: top; }
`;
