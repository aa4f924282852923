import { readdirSync, readFileSync } from 'node:fs';
import { join, posix, relative } from 'node:path';

import { fileOf, renderPage } from '../pages/renderPage';
import { ROOT } from './support/manifests';

const DOCS = join(ROOT, 'docs');
const paths = readdirSync(DOCS, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.md'))
  .map((entry) => relative(DOCS, join(entry.parentPath, entry.name)));

const render = (path: string, text = readFileSync(join(DOCS, path), 'utf8')) =>
  renderPage({ path, text }, new Set(paths));

/** What keeps a text from being XML, or null: a browser shows an error in place of such a page. */
function problemOf(xml: string): string | null {
  if (/&(?!(?:amp|lt|gt|quot|#\d+);)/.test(xml)) return 'an & that begins no entity';
  const open: string[] = [];
  for (const [tag, closes, name = '', closed] of xml.matchAll(/<(\/?)(\w+)(?: [\w-]+="[^"<]*")*(\/?)>/g)) {
    if (closes === '/' && open.pop() !== name) return `${tag} closes another element`;
    if (closes === '' && closed === '') open.push(name);
  }
  const texts = xml.replace(/^<\?xml [^>]*\?>/, '').replaceAll(/<\/?\w+(?: [\w-]+="[^"<]*")*\/?>/g, '');
  return texts.includes('<') ? 'a < that begins no tag' : open.length > 0 ? `${open.join()} stays open` : null;
}

test('renderPage() makes a well-formed document of every page of docs/', async () => {
  expect(paths.length).toBeGreaterThan(50);
  for (const path of paths) expect([path, problemOf(await render(path))]).toEqual([path, null]);
});

test('renderPage() links only to pages of the package, and to headings that they have', async () => {
  const pages = new Map<string, string>();
  for (const path of paths) pages.set(fileOf(path), await render(path));
  for (const [file, page] of pages) {
    for (const [, href = ''] of page.matchAll(/<a href="((?!https?:)[^"]*)"/g)) {
      const [to = '', anchor] = href.split('#');
      const target = pages.get(to === '' ? file : posix.join(posix.dirname(file), to));
      expect([file, href, target?.includes(anchor === undefined ? '<h1' : `id="${anchor}"`)]).toEqual([
        file,
        href,
        true,
      ]);
    }
  }
});

test.each([
  ['a file of the checkout', 'See [the rules](../manifests/falco/rules.yaml).', 'See the rules.'],
  ['another scheme', '[here](javascript:alert(1))', 'here'],
  ['another page', '[policy](policy.md#playbook)', '<a href="policy.svg#playbook">policy</a>'],
  [
    'another server',
    '[n8n](https://n8n.io/?a=1&b=2)',
    '<a href="https://n8n.io/?a=1&amp;b=2" target="_blank" rel="noopener noreferrer">n8n</a>',
  ],
])('renderPage() makes of a link to %s what leads somewhere', async (_what, markdown, html) => {
  expect(await render('alerts.md', markdown)).toContain(`<p>${html}</p>`);
});

test('renderPage() gives headings the anchors of GitHub, and closes every element', async () => {
  const page = await render('alerts.md', '# A & `b`\n\nfirst<br>second');
  expect(page).toContain('<title>A &amp; `b`</title>');
  expect(page).toContain('<h1 id="a--b">A &amp; <code>b</code></h1>');
  expect(page).toContain('first<br/>second');
});
