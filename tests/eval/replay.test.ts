import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { execa } from 'execa';

import { runAgents } from '../../eval/agents';
import { CASES } from '../../eval/paths';
import { differences } from '../../eval/replay/golden';
import { readExport } from '../../eval/replay/readExport';
import { replay } from '../../eval/replay/replay';
import { isChanged } from '../../eval/replay/report';
import { readReplayOptions } from '../../eval/run/options';
import { evidenceLines, failureLine, incidentLine } from '../../core/telemetry/logLine';
import { alertOf, contextOf, payload } from '../support/alerts';
import { ROOT } from '../support/manifests';
import { ATTACK, temporaryFolder } from './support';

// A test starts the command several times, which takes long on a busy machine.
jest.setTimeout(180_000);

const QUARANTINE = alertOf('pod-quarantine-test');

/** An item as it leaves RACE Agent. */
async function item(alert = QUARANTINE) {
  const context = contextOf(alert, { configuration: { network: { enforced: true, cutsOpenConnections: false } } });
  return { alert, context, ...(await runAgents({ alert, context }, { model: null, timeoutSeconds: 1, retries: 0 })) };
}

const falcoLine = (name: string): string => JSON.stringify(payload(name));

async function replayed(text: string) {
  const file = join(await temporaryFolder(), 'export');
  await writeFile(file, text);
  const { results, foreign, others } = await replay([file], 'none');
  return { results, others, foreign: foreign.map((line) => line.replace(`${file}, `, '')) };
}

test("replay of Falco's own log decides on each event and names foreign lines by their number", async () => {
  const text = [
    'Fri Nov 27 08:00:00 2026: Falco version: 0.44.0 (x86_64)',
    falcoLine('pod-quarantine-test'),
    '',
    '{"rule": "cut off',
    '{"level":"info","message":"of another program"}',
    falcoLine('escalate-test'),
  ].join('\n');
  const { results, foreign } = await replayed(text);
  expect(results.map(({ alert, before, isRecorded }) => [alert.rule, alert.trust, before, isRecorded])).toEqual([
    [QUARANTINE.rule, 'kernel', null, false],
    [alertOf('escalate-test').rule, 'kernel', null, false],
  ]);
  expect(results[0]?.decided.decision.decision).toBe('quarantine_pod');
  expect(foreign).toEqual([
    expect.stringMatching(/^line 1: no JSON/),
    expect.stringMatching(/^line 4: not JSON that can be read/),
    expect.stringMatching(/^line 5: neither a log line of the pipeline nor an event of Falco/),
  ]);
});

test("replay of Loki's answer reads our lines and Falco's, and counts our lines without an alert", async () => {
  const { context, ...decided } = await item();
  const own = incidentLine({ ...decided, context });
  const kept = { kind: 'manifest', name: 'pod', content: 'x', truncated: false } as const;
  const [evidence] = evidenceLines({
    ...decided,
    evidence: { parts: [kept], missing: [], capturedAt: '2026-11-21T10:15:31.000Z' },
  } as never);
  const failure = failureLine({ incidentId: 'one' } as never);
  const lines = [own.line, evidence?.line ?? '', failure.line, '{"event":"incident","incident":"x"}', 'a text'];
  const falco = {
    rule: 'Terminal shell in container',
    priority: 'Notice',
    hostname: 'n',
    namespace: 'shop',
    pod: 'web',
  };
  const text = JSON.stringify({
    status: 'success',
    data: {
      resultType: 'streams',
      result: [
        { stream: { job: 'incident-pipeline' }, values: lines.map((line, index) => [`${index}`, line]) },
        { stream: falco, values: [['1795255931000000000', 'Terminal shell in container', { some: 'metadata' }]] },
      ],
    },
  });
  const { results, foreign, others } = await replayed(text);
  expect(results.map(({ at, alert }) => [at.split(', ')[1], alert.rule])).toEqual([
    ['entry 1', QUARANTINE.rule],
    ['entry 6', 'Terminal shell in container'],
  ]);
  expect(results[0]?.before).toEqual({ decision: 'quarantine_pod', by: 'playbook' });
  expect(results.map(isChanged)).toEqual([false, false]);
  expect(Object.fromEntries(others)).toEqual({ evidence: 1, failure: 1 });
  expect(foreign.map((line) => line.slice(0, 8))).toEqual(['entry 4:', 'entry 5:']);
});

test('replay uses what a log line keeps of the context: the mode of the namespace', async () => {
  const whole = await item();
  const context = { ...whole.context, namespace: { ...whole.context.namespace, mode: 'supervised' as const } };
  const { results } = await replayed(`${incidentLine({ ...whole, context }).line}\n${falcoLine('escalate-test')}`);
  expect(results[0]?.decided.decision.decision).toBe('escalate');
  expect(results.map(isChanged)).toEqual([true, false]);
});

test('replay reads lines as logcli writes them, with the line under a key', async () => {
  const line = JSON.stringify({
    labels: { job: 'incident-pipeline' },
    line: incidentLine(await item()).line,
    timestamp: '',
  });
  const { results, foreign } = await replayed(`${line}\n${line}\n{"labels":{},"line":"foreign"}`);
  expect(results).toHaveLength(2);
  expect(foreign).toEqual([expect.stringMatching(/^line 3: /)]);
});

test("replay of n8n's execution takes an alert once, with the context that was read then and the agents' decision", async () => {
  const { alert, context, analysis, decision } = await item();
  const run = (...items: object[]) => [{ data: { main: [items.map((json) => ({ json }))] } }];
  const runData = {
    'Security Alert Trigger': run({ alert }),
    'Get Context': run({ alert, context }),
    'ROSES Agent': run({ alert, context, analysis }),
    'RACE Agent': run({ alert, context, analysis, decision: { ...decision, decision: 'escalate' } }),
    'Wait for a Person': run({ alert, context, analysis, decision }),
    'Some Other Node': run({ note: 'no alert' }),
  };
  const execution = { id: '7', finished: true, data: { resultData: { runData } } };
  for (const text of [execution, { data: [execution], nextCursor: null }, [execution]].map((one) =>
    JSON.stringify(one),
  )) {
    const { results, foreign } = await replayed(text);
    expect(foreign).toEqual([]);
    expect(results).toMatchObject([{ before: { decision: 'escalate', by: 'playbook' }, isRecorded: true }]);
    expect(results[0]?.decided.decision.decision).toBe('quarantine_pod');
    expect(results.map(isChanged)).toEqual([true]);
  }
});

test('readExport of a file that is none of them names it', () => {
  const { foreign, alerts } = readExport(JSON.stringify({ some: { thing: [1, 2] } }));
  expect(alerts).toEqual([]);
  expect(foreign).toEqual([{ at: 'entry 1', what: expect.any(String) as string }]);
  expect(readExport('')).toMatchObject({ alerts: [], foreign: [] });
});

test('replay refuses the worst model, and no files', () => {
  expect(() => readReplayOptions(['a.json', '--model', 'obey'], {})).toThrow(/needs labelled cases/);
  expect(() => readReplayOptions([], {})).toThrow(/Name the files/);
});

test('differences names decisions that changed, are new or are gone', () => {
  const one = { rule: 'A', decision: 'ignore', classification: 'false_positive' } as const;
  expect(differences({ a: one, b: one }, { a: { ...one, decision: 'escalate' }, c: one })).toEqual([
    'a A: ignore (false_positive) became escalate (false_positive)',
    'b A: not in the files any more',
    'c A: new, ignore',
  ]);
  expect(differences({ a: one }, { a: one })).toEqual([]);
});

test('npm run replay writes golden decisions, accepts the same ones, and ends with 1 on others', async () => {
  const folder = await temporaryFolder();
  const golden = join(folder, 'golden.json');
  const replaying = () =>
    execa(
      process.execPath,
      ['--import', 'tsx', join(ROOT, 'eval/replay.ts'), join(CASES, ATTACK, 'alert.json'), '--golden', golden],
      { cwd: ROOT, reject: false },
    );
  expect(await replaying()).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('Written: ') as string });
  expect(await replaying()).toMatchObject({
    exitCode: 0,
    stdout: expect.stringMatching(/Changed against .*: 0/) as string,
  });
  const text = await readFile(golden, 'utf8');
  await writeFile(golden, text.replace(/"decision": "\w+"/, '"decision": "delete_pod"'));
  expect(await replaying()).toMatchObject({
    exitCode: 1,
    stdout: expect.stringMatching(/delete_pod .* became /) as string,
  });
});
