/** Writes the pages of docs/ and their pictures to dist/docs, from where n8n serves them: `npm run build` runs it. */
import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';

import { fileOf, renderPage } from './renderPage';

const DOCS = join(__dirname, '../docs');
const OUT = join(__dirname, '../dist/docs');

async function main(): Promise<void> {
  const entries = await readdir(DOCS, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(DOCS, join(entry.parentPath, entry.name)));
  const pages = new Set(files.filter((path) => path.endsWith('.md')));
  for (const path of files) {
    const file = join(OUT, fileOf(path));
    await mkdir(dirname(file), { recursive: true });
    if (!pages.has(path)) await copyFile(join(DOCS, path), file);
    else await writeFile(file, await renderPage({ path, text: await readFile(join(DOCS, path), 'utf8') }, pages));
  }
}

void main();
