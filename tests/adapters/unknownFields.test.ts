import type { CoreV1Api } from '@kubernetes/client-node';

import { UnknownFields, unknownFieldsIn } from '../../adapters/kubernetes/api/unknownFields';

/** As kube-apiserver 1.35 sends them: the inner quotes are escaped. */
const WARNING = String.raw`299 - "unknown field \"status.unfinished\"", 299 - "unknown field \"status.passes[3].late\""`;

const NOW = new Date('2026-11-28T10:00:00Z');

/** An API server that answers each Event as told. */
function events(...answers: (number | null)[]) {
  const notes: string[] = [];
  const core = {
    createNamespacedEvent: ({ body }: { body: { message?: string; note?: string } }) => {
      const code = answers.shift() ?? null;
      if (code !== null) return Promise.reject(Object.assign(new Error('refused'), { code }));
      notes.push(body.message ?? body.note ?? '');
      return Promise.resolve({});
    },
  } as unknown as CoreV1Api;
  return { core, notes };
}

describe('unknownFieldsIn', () => {
  test.each<[string | undefined, string[]]>([
    [undefined, []],
    ['299 - "v1 Endpoints is deprecated in v1.33+"', []],
    [WARNING, ['status.unfinished', 'status.passes[].late']],
    [String.raw`299 - "unknown field \"metadata.x\""`, []],
  ])('%s', (warning, fields) => {
    expect(unknownFieldsIn(warning)).toEqual(fields);
  });
});

describe('fields that the API server dropped', () => {
  test('are named in one Event, and no other one while nothing new is heard', async () => {
    const { core, notes } = events();
    const unknown = new UnknownFields();
    await unknown.report({ core }, NOW);
    expect(notes).toEqual([]);
    unknown.hear(WARNING);
    await unknown.report({ core }, NOW);
    unknown.hear(WARNING);
    await unknown.report({ core }, NOW);
    expect(notes).toHaveLength(1);
    expect(notes[0]).toMatch(/status\.passes\[\]\.late, status\.unfinished\. .*Apply manifests\/crds/);
  });

  test('are named later if no Event could be left, and not again if another process left it', async () => {
    const { core, notes } = events(503, 409);
    const unknown = new UnknownFields();
    unknown.hear(WARNING);
    for (let write = 0; write < 4; write += 1) await unknown.report({ core }, NOW);
    expect(notes).toEqual([]);
    unknown.hear('299 - "unknown field \\"spec.new\\""');
    await unknown.report({ core }, NOW);
    expect(notes).toHaveLength(1);
  });

  test('have a bound, also in the length of their names', async () => {
    const { core, notes } = events();
    const unknown = new UnknownFields();
    for (let index = 0; index < 1_000; index += 1)
      unknown.hear(`299 - "unknown field \\"status.${'x'.repeat(200)}${index}\\""`);
    await unknown.report({ core }, NOW);
    expect(Buffer.byteLength(notes[0] ?? '')).toBeLessThanOrEqual(1_024);
  });
});
