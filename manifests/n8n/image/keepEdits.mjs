/**
 * Which workflows are imported, so that what a person changed in n8n is not lost: those whose file changed since it was last
 * imported (with `all`: all of them), and a copy of each of them that was changed in n8n meanwhile.
 *
 * node keepEdits.mjs LAST CURRENT NEW OUT [all]: files with lists of workflows, LAST and NEW as they are imported, CURRENT as n8n
 * exports them. Writes OUT, and prints the ids of the imported workflows to stdout and what was kept to stderr. Needs no package,
 * since it also runs in n8n's image.
 */
import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';

/** What a person edits. The rest of an export is n8n's own: versions, dates, owners. */
const content = ({ name, nodes, connections, settings }) =>
  // Through JSON, since a value that is undefined is no key there.
  JSON.parse(JSON.stringify({ name, nodes, connections, settings: settings ?? {} }));
const isSame = (one, other) =>
  one !== undefined && other !== undefined && isDeepStrictEqual(content(one), content(other));

/**
 * @param {{ last: object[], current: object[], next: object[], day: string, all?: boolean }} lists
 * @returns {{ imported: object[], kept: object[] }} the workflows of `next` that are imported, and the copies
 */
export function plan({ last, current, next, day, all = false }) {
  const byId = (list, { id }) => list.find((workflow) => workflow.id === id);
  const imported = next.filter((workflow) => all || !isSame(byId(last, workflow), workflow));
  const kept = imported.flatMap((workflow) => {
    const [before, edited] = [byId(last, workflow), byId(current, workflow)];
    if (before === undefined || edited === undefined || isSame(before, edited) || isSame(workflow, edited)) return [];
    const id = randomUUID().replaceAll('-', '').slice(0, 16);
    return [{ ...content(edited), id, name: `${edited.name} (edited, kept on ${day})`, active: false }];
  });
  return { imported, kept };
}

if (process.argv[1] === import.meta.filename) {
  const [lastFile, currentFile, nextFile, out, all] = process.argv.slice(2);
  const [last, current, next] = [lastFile, currentFile, nextFile].map((file) => JSON.parse(readFileSync(file, 'utf8')));
  const { imported, kept } = plan({
    last,
    current,
    next,
    day: new Date().toISOString().slice(0, 10),
    all: all === 'all',
  });
  writeFileSync(out, JSON.stringify([...imported, ...kept]), { mode: 0o600 });
  for (const { id } of imported) console.log(id);
  for (const { name } of kept)
    console.error(`A newer version replaces a workflow that was changed in n8n. Yours stays as "${name}".`);
}
