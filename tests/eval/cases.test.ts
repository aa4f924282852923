import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { CASES } from '../../eval/paths';
import { type NamedCase, readCases } from '../../eval/readCases';
import { buildAlert } from '../../eval/world/buildAlert';
import { ROOT } from '../support/manifests';

let cases: readonly NamedCase[] = [];
let byName: ReadonlyMap<string, NamedCase> = new Map();

beforeAll(async () => {
  const read = await readCases(CASES);
  expect(read.broken).toEqual([]);
  cases = read.cases;
  byName = new Map(cases.map((one) => [one.name, one]));
});

/** The cases of which something is wrong, with what it is. */
function wrong(problemOf: (one: NamedCase) => string | null): string[] {
  return cases.flatMap((one) => {
    const problem = problemOf(one);
    return problem === null ? [] : [`${one.name}: ${problem}`];
  });
}

test("eval/cases: each case's alert is read by its sender's trigger and is about the case's pod", () => {
  const found = wrong((one) => {
    const alert = buildAlert(one);
    const { cluster } = one.about;
    if (cluster === null) return null;
    const { name, namespace, uid, creationTimestamp } = cluster.pod.metadata ?? {};
    const { target } = alert;
    if (target === null) return `there is no target: ${alert.targetProblem ?? ''}`;
    if (target.pod !== name || target.namespace !== namespace) return `the target is ${target.namespace}/${target.pod}`;
    // A source that names no uid leaves the name alone to go by.
    if (target.podUid !== null && target.podUid !== uid) return `the target's uid is ${target.podUid}`;
    return new Date(alert.time) < new Date(creationTimestamp ?? '') ? 'the alert is older than the pod' : null;
  });
  expect(found).toEqual([]);
});

test('eval/cases: no decision of a case is right and harmful, and an attack has a technique', () => {
  const found = wrong(({ about: { right, never, kind, technique } }) => {
    const both = right.filter((decision) => never.includes(decision));
    if (both.length > 0) return `${both.join(', ')} is right and does harm`;
    return kind === 'benign' && technique !== null ? `a benign case has technique ${technique}` : null;
  });
  expect(found).toEqual([]);
});

test('eval/cases: a twin exists and is in the same split', () => {
  const found = wrong(({ about: { twin, split } }) => {
    if (twin === undefined) return null;
    const other = byName.get(twin);
    if (other === undefined) return `there is no case ${twin}`;
    return other.about.split === split ? null : `its twin ${twin} is in split ${other.about.split}`;
  });
  expect(found).toEqual([]);
});

test('eval/cases: both splits have attacks and benign alerts', () => {
  for (const split of ['tuning', 'held-out'] as const)
    for (const kind of ['attack', 'benign'] as const)
      expect(cases.filter(({ about }) => about.split === split && about.kind === kind)).not.toEqual([]);
});

/** Shorter texts, such as the name of a program, may well be in a rule of the playbook. */
const DISTINCTIVE = 25;

test('eval/cases: what is distinctive of a held-out case is not in the playbook or the prompts', () => {
  const core = readdirSync(join(ROOT, 'core'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(join(ROOT, 'core', file), 'utf8'))
    .join('\n');
  const found = wrong(({ about, body }) => {
    if (about.split !== 'held-out') return null;
    const known = distinctiveTexts(body).filter((text) => core.includes(text));
    return known.length === 0 ? null : `core/ has ${known.join(', ')}`;
  });
  expect(found).toEqual([]);
  expect(core).toContain('You decide how to respond to one Kubernetes security alert.');
});

/** Command lines and outputs of a Falco alert. */
function distinctiveTexts(body: unknown): string[] {
  const { output, output_fields: fields } = body as { output?: unknown; output_fields?: Record<string, unknown> };
  const commands = Object.entries(fields ?? {}).flatMap(([name, value]) =>
    /^proc\..*cmdline|^proc\.args/.test(name) ? [value] : [],
  );
  return [output, ...commands].filter((text): text is string => typeof text === 'string' && text.length >= DISTINCTIVE);
}
