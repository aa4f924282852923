import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { manifestsPath } from '../../cluster/local/paths';

interface Imported {
  id: string;
  name: string;
  nodes: { name: string }[];
  active?: boolean;
}

const workflow = (id: string, ...nodes: string[]): Imported => ({
  id,
  name: `Workflow ${id}`,
  nodes: nodes.map((name) => ({ name })),
});
/** As n8n exports it. */
const exported = (imported: Imported) => ({
  ...imported,
  connections: undefined,
  settings: {},
  versionId: 'b5e1',
  updatedAt: '2026-11-28T10:00:00.000Z',
  active: true,
  shared: [{ role: 'workflow:owner' }],
});

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'edits-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function run(last: object[], current: object[], next: object[], ...options: string[]) {
  const files = ['last', 'current', 'next', 'out'].map((name) => join(folder, name));
  for (const [index, list] of [last, current, next].entries()) writeFileSync(files[index] ?? '', JSON.stringify(list));
  const script = manifestsPath('n8n/image/keepEdits.mjs');
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...files, ...options], { encoding: 'utf8' });
  expect(status).toBe(0);
  const planned = JSON.parse(readFileSync(join(folder, 'out'), 'utf8')) as Imported[];
  return { ids: stdout.split('\n').filter((id) => id !== ''), planned, stderr };
}

const [before, after, edited] = [workflow('a', 'one'), workflow('a', 'one', 'two'), workflow('a', 'one', 'mine')];

describe('workflows that are imported again', () => {
  test('one that nobody changed in n8n is replaced, and no copy stays', () => {
    expect(run([before], [exported(before)], [after])).toEqual({ ids: ['a'], planned: [after], stderr: '' });
  });

  test('one that a person changed is replaced, and theirs stays as a copy that does not run', () => {
    const { ids, planned, stderr } = run([before], [exported(edited)], [after]);
    expect(ids).toEqual(['a']);
    expect(planned[0]).toEqual(after);
    expect(planned[1]).toMatchObject({ nodes: edited.nodes, active: false });
    expect(planned[1]?.id).toMatch(/^[0-9a-f]{16}$/);
    expect(planned[1]?.name).toMatch(/^Workflow a \(edited, kept on \d{4}-\d\d-\d\d\)$/);
    expect(planned[1]).not.toHaveProperty('shared');
    expect(stderr).toContain(`stays as "${planned[1]?.name ?? ''}"`);
  });

  test('one whose file did not change is left alone, changed in n8n or deleted there', () => {
    const other = workflow('b', 'x');
    expect(run([before, other], [exported(edited)], [before, other])).toEqual({ ids: [], planned: [], stderr: '' });
  });

  test('one that is new is imported, and one that a person changed just so stays without a copy', () => {
    const fresh = workflow('c', 'x');
    const { ids, planned } = run([before], [exported(after)], [after, fresh]);
    expect(ids).toEqual(['a', 'c']);
    expect(planned).toEqual([after, fresh]);
  });

  test('all are imported where n8n lacks something, and what a person changed stays as a copy', () => {
    const { ids, planned } = run([before], [exported(edited)], [before], 'all');
    expect(ids).toEqual(['a']);
    expect(planned.map(({ nodes }) => nodes)).toEqual([before.nodes, edited.nodes]);
  });
});
