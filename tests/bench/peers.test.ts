import { readOptions } from '../../bench/peers/options';
import { busyTime, type CpuProfile, fileOf, packageOf, sharesBy } from '../../bench/peers/profile';
import { bodyOfRepeat, planStream } from '../../bench/peers/stream';
import { modelUse } from '../../bench/peers/tokens';
import { seeded } from '../../bench/chaos/seeded';

describe('readOptions', () => {
  test('names an option as the command line does', () => {
    expect(readOptions(['--slow-alerts', '3']).slowAlerts).toBe(3);
  });

  test.each([
    [[], ['model', 'playbook']],
    [['--only', 'model'], ['model']],
    [['--profile'], ['profile']],
  ])('runs with %p %p', (args, parts) => {
    expect(readOptions(args).parts).toEqual(parts);
  });

  test('refuses a comparison that it does not know', () => {
    expect(() => readOptions(['--only', 'profile'])).toThrow('--only is one of model, playbook.');
  });

  test.each([
    ['--alerts', '0'],
    ['--alerts', ''],
    ['--alerts', 'many'],
    ['--model-seconds', '61'],
    ['--burst', '401'],
    ['--seed', '-1'],
  ])('refuses %s %s', (option, value) => {
    expect(() => readOptions([`${option}=${value}`])).toThrow(`${option} is a number from `);
  });
});

describe('planStream', () => {
  const counts = (seed: number): number[] => {
    const found = Array.from({ length: 40 }, () => 0);
    for (const { source } of planStream(seeded(seed), 10_000, 40)) found[source] = (found[source] ?? 0) + 1;
    return found;
  };

  test('is the same for a seed', () => {
    expect(planStream(seeded(1), 100, 5)).toEqual(planStream(seeded(1), 100, 5));
    expect(planStream(seeded(2), 100, 5)).not.toEqual(planStream(seeded(1), 100, 5));
  });

  test("has sources by Zipf's law: the first twice as often as the second, and four times as often as the fourth", () => {
    const [first = 0, second = 0, , fourth = 0] = counts(1);
    expect(first / second).toBeCloseTo(2, 0);
    expect(first / fourth).toBeCloseTo(4, 0);
  });

  test('has every source', () => {
    expect(Math.min(...counts(1))).toBeGreaterThan(0);
  });
});

describe('bodyOfRepeat', () => {
  const source = { expected: 'quarantine_pod' as const, namespace: 'shop', pod: 'pod-1', podUid: 'uid-1' };
  const read = async (kind: string, command: number) =>
    JSON.parse(await bodyOfRepeat({ source: 0, command, port: 50_000 }, { ...source, kind })) as {
      output: string;
      output_fields: Record<string, unknown>;
    };

  test('changes port and command line in the line and in its fields', async () => {
    const { output, output_fields: fields } = await read('pod-quarantine-test', 2);
    const line = 'wget -qO- https://kubernetes.default.svc/api -2';
    expect(fields).toMatchObject({
      'proc.cmdline': line,
      'fd.lport': 50_000,
      'fd.name': '10.244.0.12:50000->10.96.0.1:443',
      'k8s.ns.name': 'shop',
      'k8s.pod.name': 'pod-1',
      'k8s.pod.uid': 'uid-1',
    });
    expect(output).toContain(`connection=10.244.0.12:50000->10.96.0.1:443 lport=50000 rport=443 `);
    expect(output).toContain(`command=${line} terminal=0 `);
  });

  test('gives an alert without a connection no port', async () => {
    const { output, output_fields: fields } = await read('test-shell', 1);
    expect(fields).not.toHaveProperty(['fd.lport']);
    expect(fields['proc.cmdline']).toBe('sh -1');
    expect(output).toContain('process=sh proc_exepath=/bin/sh parent=containerd-shim command=sh -1 terminal=34816 ');
  });
});

describe('modelUse', () => {
  test("counts the tokens of requests and answers by OpenAI's tokenizer, and its special tokens as text", () => {
    const about = { results: [], repair: false, form: null, streamed: false };
    const asked = [
      { ...about, agent: 'roses' as const, text: 'hello world' },
      { ...about, agent: 'race' as const, text: '<|endoftext|>' },
    ];
    // "hello", " world"; "<", "|", "end", "of", "text", "|", ">"; two for each answer.
    expect(modelUse(asked, () => 'hello world')).toEqual({ calls: 2, tokens: 2 + 7 + 2 * 2 });
  });
});

describe('sharesBy', () => {
  const frame = (functionName: string, url = '') => ({ functionName, url });
  const OURS = 'file:///n8n/node_modules/our-nodes/dist/core/a.js';
  const UNDICI = 'file:///n8n/node_modules/our-nodes/node_modules/undici/lib/b.js';
  /** root → ours → undici → ours, and a collection of garbage in undici. */
  const profile: CpuProfile = {
    nodes: [
      { id: 1, callFrame: frame('(root)'), children: [2, 6] },
      { id: 2, callFrame: frame('outer', OURS), children: [3] },
      { id: 3, callFrame: frame('send', UNDICI), children: [4, 5] },
      { id: 4, callFrame: frame('inner', OURS), children: [] },
      { id: 5, callFrame: frame('(garbage collector)'), children: [] },
      { id: 6, callFrame: frame('(idle)'), children: [] },
    ],
    samples: [2, 3, 4, 5, 6],
    timeDeltas: [1000, 2000, 4000, 8000, 16_000],
  };

  test('counts a sample once for each part in its stack, and waiting for none', () => {
    expect(sharesBy(profile, packageOf)).toEqual([
      { part: '(garbage collector)', self: 8, total: 8 },
      { part: 'our-nodes', self: 5, total: 15 },
      { part: 'undici', self: 2, total: 14 },
    ]);
    expect(busyTime(profile)).toBe(15);
  });

  test('leaves out what is no part', () => {
    const ours = sharesBy(profile, (each) => (packageOf(each) === 'our-nodes' ? fileOf(each) : null));
    expect(ours).toEqual([{ part: 'our-nodes/dist/core/a.js', self: 5, total: 15 }]);
  });
});

describe('packageOf', () => {
  test.each([
    ['file:///a/node_modules/@n8n/typeorm/x.js', 'run', '@n8n/typeorm'],
    ['/a/node_modules/.pnpm/n8n-core@2/node_modules/n8n-core/dist/x.js', 'run', 'n8n-core'],
    ['node:internal/process/task_queues', 'run', 'node'],
    ['', '(program)', '(program)'],
    ['', 'writev', 'native code'],
    ['evalmachine.<anonymous>', '', 'evalmachine.<anonymous>'],
  ])('of %s, %s is %s', (url, functionName, name) => {
    expect(packageOf({ functionName, url })).toBe(name);
  });
});

describe('fileOf', () => {
  test.each([
    ['file:///a/node_modules/x/node_modules/undici/lib/b.js', 'send', 'undici/lib/b.js'],
    ['node:internal/timers', 'list', 'node:internal/timers'],
    ['', 'writev', 'native: writev'],
    ['', '', 'native: without a name'],
    ['', '(garbage collector)', '(garbage collector)'],
  ])('of %s, %s is %s', (url, functionName, name) => {
    expect(fileOf({ functionName, url })).toBe(name);
  });
});
