import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { removeUnfinished } from '../../cluster/local/unfinished';
import { run } from '../support/run';

const CLI = ['cluster/local/cli.ts'];
const TSX = 'node_modules/.bin/tsx';

test.each([
  ['an alert that is not there', ['alert', 'nothing'], {}, /There is no alert named nothing/],
  ['half a model', ['up'], { OPENAI_API_KEY: 'known-secret-0815', OPENAI_MODEL: '' }, /OPENAI_MODEL is not/],
])(
  'the embedded stack refuses %s with exit code 2, and says what to do',
  async (_what, arguments_, env, message) => {
    const { code, output } = await run(TSX, [...CLI, ...arguments_], { ...process.env, ...env });
    expect(output).toMatch(message);
    expect(output).toMatch(/What to do: /);
    expect(output).not.toContain('known-secret-0815');
    expect(code).toBe(2);
  },
  120_000,
);

test('removeUnfinished removes what holds secrets in plain text, and nothing else', () => {
  const state = mkdtempSync(join(tmpdir(), 'state-'));
  mkdirSync(join(state, 'pm2'));
  const files = [
    'credentials.import.json',
    'workflows.next.json',
    'pm2/n8n.json',
    'pm2/module_conf.json',
    'token.json',
  ];
  for (const file of files) writeFileSync(join(state, file), '{}');
  removeUnfinished(state);
  expect([readdirSync(state), readdirSync(join(state, 'pm2'))]).toEqual([['pm2', 'token.json'], ['module_conf.json']]);
  rmSync(state, { recursive: true });
});
