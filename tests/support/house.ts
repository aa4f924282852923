import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { z } from 'zod/v4';

import { ROOT } from './manifests';

const AREAS = ['nodes', 'app', 'adapters', 'core', 'credentials', 'gate'];

/** The rooms: the folders of core/ and adapters/, and each other area as a whole. */
const ROOM = '^(?:core/[^/]+/|adapters/[^/]+/|app/|nodes/|credentials/|gate/)';

const cruised = z.object({
  modules: z.array(z.object({ source: z.string(), dependencies: z.array(z.object({ resolved: z.string() })) })),
});

type Import = readonly [from: string, to: string];

/** The picture of CONTRIBUTING.md in Mermaid's language: which room imports which, as dependency-cruiser finds it. */
export function drawHouse(): string {
  const imports = importsBetweenRooms();
  const lines = [
    'flowchart TD',
    ...AREAS.filter((area) => roomsOf(area, imports).length === 0).map((area) => `  ${area}`),
    ...AREAS.flatMap((area) => floor(area, imports)),
    ...withoutDetours(distinct(imports.map(([from, to]) => [areaOf(from), areaOf(to)]))).map(arrow),
  ];
  return `${lines.join('\n')}\n`;
}

/** The picture as CONTRIBUTING.md has it. */
export function shownHouse(): string {
  const [, shown = ''] = /```mermaid\n([^`]*)```/.exec(readFileSync(join(ROOT, 'CONTRIBUTING.md'), 'utf8')) ?? [];
  return shown;
}

function importsBetweenRooms(): Import[] {
  const program = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
  const options = ['--config', '.dependency-cruiser.cjs', '--collapse', ROOM, '--output-type', 'json'];
  const output = execFileSync(process.execPath, [program, ...AREAS, ...options], {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  return cruised
    .parse(JSON.parse(output))
    .modules.flatMap(({ source, dependencies }) =>
      dependencies.map(({ resolved }): Import => [room(source), room(resolved)]),
    )
    .filter(([from, to]) => isOurs(from) && isOurs(to));
}

const room = (path: string): string => path.replace(/\/$/, '');
const areaOf = (path: string): string => path.split('/')[0] ?? '';
/** Files that lie directly in core/, such as its errors, are everyone's. */
const isOurs = (path: string): boolean => AREAS.includes(areaOf(path)) && !path.endsWith('.ts');

/** The rooms of an area that has several. */
function roomsOf(area: string, imports: readonly Import[]): string[] {
  const rooms = imports.flat().filter((path) => areaOf(path) === area && path !== area);
  return [...new Set(rooms)].toSorted();
}

function floor(area: string, imports: readonly Import[]): string[] {
  const rooms = roomsOf(area, imports);
  if (rooms.length === 0) return [];
  const inside = imports.filter(([from, to]) => areaOf(from) === area && areaOf(to) === area);
  return [
    `  subgraph ${area}`,
    ...rooms.map((path) => `    ${nameOf(path)}[${path.split('/')[1] ?? ''}]`),
    ...withoutDetours(distinct(inside)).map((link) => `  ${arrow(link)}`),
    '  end',
  ];
}

const nameOf = (path: string): string => path.replace('/', '_');
const arrow = ([from, to]: Import): string => `  ${nameOf(from)} --> ${nameOf(to)}`;

function distinct(imports: readonly (readonly string[])[]): Import[] {
  const pairs = imports.filter(([from, to]) => from !== to).map((pair) => pair.join(' '));
  return [...new Set(pairs)].toSorted().map((pair) => pair.split(' ') as unknown as Import);
}

/** Without the arrows that others already imply: what remains shows the order. */
function withoutDetours(imports: readonly Import[]): Import[] {
  const reaches = (from: string, to: string, except: Import): boolean =>
    imports.some((link) => link !== except && link[0] === from && (link[1] === to || reaches(link[1], to, except)));
  return imports.filter((link) => !reaches(link[0], link[1], link));
}
