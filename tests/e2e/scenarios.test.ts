import { join } from 'node:path';

import { SCENARIOS, tasksOf, VARIANTS } from '../../cluster/local/scenarios/scenarios';
import { ACCOUNT } from '../../cluster/local/simulators/example';
import { ROOT } from '../support/manifests';
import { run } from '../support/run';
import { answered, incident, noted, type Reported, reported, taskOf } from './support/neo';
import { FIRST_START_MS } from './support/stack';

const REPOSITORY = { 'with-context': 'workshop-infrastructure', 'without-context': 'platform' };
const STACK = { 'with-context': 'dev', 'without-context': 'production' };

const CASES = Object.entries(SCENARIOS).flatMap(([name, { script, end }]) =>
  VARIANTS.map((variant) => ({ name, variant, script, end })),
);

const all = new Map<string, Reported>();

/** As a user does it: one scenario by deploy.sh, which brings PagerDuty and Neo along. Then all of them, side by side. */
beforeAll(async () => {
  const { code, output } = await run(join(ROOT, 'deploy.sh'), ['--local', '--scenario', 'critical-cve'], process.env);
  if (code !== 0) throw new Error(`deploy.sh ended with ${code}:\n${output}`);
  expect(output).toContain('PagerDuty: resolved.');
  expect(output).toContain("This command approved Neo's pull request");
  for (const { name, variant, script } of CASES) {
    const one = await reported(name, variant, { name: script });
    // The next one may do something else.
    await taskOf(one);
    all.set(`${name} ${variant}`, one);
  }
  await Promise.all(
    CASES.filter(({ end }) => end === 'fixed').map(({ name, variant }) =>
      answered(all.get(`${name} ${variant}`) ?? { key: '', incident: '' }, true),
    ),
  );
}, FIRST_START_MS);

test.each(CASES)(
  '$name $variant ends $end',
  async ({ name, variant, end }) => {
    const one = all.get(`${name} ${variant}`);
    if (one === undefined) throw new Error('it was not reported');

    const { approvalMode, permissionMode, entities, request } = await taskOf(one);
    expect({ approvalMode, permissionMode }).toEqual({ approvalMode: 'manual', permissionMode: 'read-only' });
    expect(request).toMatchObject({ enabledIntegrations: [], planMode: false });
    expect(entities).toContainEqual(
      expect.objectContaining({ type: 'repository', org: 'acme', name: REPOSITORY[variant] }),
    );
    expect(entities).toContainEqual(expect.objectContaining({ type: 'stack', name: STACK[variant] }));
    const prompt = request.message.content;
    expect(prompt).toContain(`github.com/acme/${REPOSITORY[variant]}`);
    expect(prompt).toContain('`beijing/`');
    expect(prompt).toContain(`"incident.id":"${one.incident}"`);

    if (end === 'fixed') {
      await noted(one, new RegExp(`https://github\\.com/acme/${REPOSITORY[variant]}/pull/\\d+`));
      expect(await resolved(one)).toMatchObject({ status: 'resolved' });
    } else {
      await noted(one, /found no fix in the code/);
      expect(await handedBack(one)).toMatchObject({ status: 'triggered', assignees: [ACCOUNT.onCall] });
    }
    const { notes } = await incident(one.key);
    expect(notes.filter(({ content }) => content.includes('is looking for the cause'))).toHaveLength(1);
    expect(await tasksOf(one.incident)).toHaveLength(1);
  },
  200_000,
);

async function resolved(one: Reported) {
  return eventually(one, ({ status }) => status === 'resolved');
}

async function handedBack(one: Reported) {
  return eventually(one, ({ assignees }) => assignees.includes(ACCOUNT.onCall));
}

async function eventually({ key }: Reported, is: (found: Awaited<ReturnType<typeof incident>>) => boolean) {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const found = await incident(key);
    if (is(found)) return found;
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
  return incident(key);
}
