import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { readText } from '../repository/paths';
import { fake, run, write } from './support/shell';

let folder: string;

before(() => {
  folder = mkdtempSync(join(tmpdir(), 'start-'));
  // n8n's own start comes last in the image; here it tells what it would see.
  fake(folder, 'entrypoint', 'echo "n8n sees: $(env | grep "^IMPORT" | tr "\\n" " ")"');
  fake(folder, 'n8n', 'echo "$1 $(cat "${2#--input=}" 2>/dev/null)" >>"$HOME/calls"; echo "Successfully imported 1"');
  const script = readText('manifests/n8n/image/start.sh');
  write(
    join(folder, 'start.sh'),
    script
      .replace('/docker-entrypoint.sh', join(folder, 'bin', 'entrypoint'))
      .replace('PACKAGE=/opt/incident-pipeline', `PACKAGE=${join(folder, 'package')}`),
  );
  const gate =
    'console.log(`the gate sees: ${Object.keys(process.env).filter((name) => !name.startsWith("_")).sort()}`)';
  write(join(folder, 'package', 'dist', 'gate', 'main.js'), gate);
  write(join(folder, 'package', 'keepEdits.mjs'), readText('manifests/n8n/image/keepEdits.mjs'));
});
after(() => {
  rmSync(folder, { recursive: true });
});

describe("the start of n8n's image where nothing is mounted", () => {
  const files = {
    'credentials.json': '[{"data":"with \\"quotes\\" and ${signs}"}]',
    'workflows.json': '[{"id":"pagerduty-to-neo"}]',
    published: 'pagerduty-to-neo\n',
  };
  const env = { IMPORT_FILES: gzipSync(JSON.stringify(files)).toString('base64') };

  test('imports what the environment holds, and n8n sees nothing of it', () => {
    write(join(folder, 'tmp', '.keep'), '');
    const { status, stdout, stderr } = run(folder, ['sh', 'start.sh'], { ...env, TMPDIR: join(folder, 'tmp') });
    assert.deepEqual([status, stderr], [0, '']);
    assert.deepEqual(readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n'), [
      `import:credentials ${files['credentials.json']}`,
      `import:workflow ${files['workflows.json']}`,
      'publish:workflow',
    ]);
    assert.match(stdout, /n8n sees: \n$/);
  });

  test('leaves no file with credentials behind', () => {
    assert.deepEqual(readdirSync(join(folder, 'tmp')), ['.keep']);
  });

  test('keeps a copy of a workflow that was changed in n8n, and publishes only what it imported', () => {
    rmSync(join(folder, 'calls'));
    const edited = '[{"id":"pagerduty-to-neo","name":"Mine","nodes":[1]}]';
    fake(
      folder,
      'n8n',
      `echo "$1 $2 $(cat "\${2#--input=}" 2>/dev/null)" >>"$HOME/calls"
      [ "$1" != export:workflow ] || echo '${edited}' >"\${3#--output=}"
      echo "Successfully imported 1"`,
    );
    const newer = {
      ...files,
      'workflows.json': '[{"id":"pagerduty-to-neo","nodes":[2]},{"id":"notify","nodes":[]}]',
      published: 'pagerduty-to-neo\nnotify\n',
    };
    const start = () =>
      run(folder, ['sh', 'start.sh'], {
        IMPORT_FILES: gzipSync(JSON.stringify(newer)).toString('base64'),
        TMPDIR: join(folder, 'tmp'),
      });
    const { status, stderr } = start();
    assert.equal(status, 0);
    assert.match(stderr, /Yours stays as "Mine \(edited, kept on /);
    const calls = readFileSync(join(folder, 'calls'), 'utf8');
    assert.match(calls, /import:workflow .*"nodes":\[2\].*"nodes":\[1\]/);
    assert.equal(calls.match(/publish:workflow/g)?.length, 2);
    newer['workflows.json'] = newer['workflows.json'].replace('"nodes":[]', '"nodes":[3]');
    assert.equal(start().status, 0);
    const later = readFileSync(join(folder, 'calls'), 'utf8').slice(calls.length);
    assert.doesNotMatch(later, /publish:workflow --id=pagerduty-to-neo/);
    assert.match(later, /publish:workflow --id=notify/);
    assert.deepEqual(readdirSync(join(folder, 'tmp')), ['.keep']);
  });

  test('imports and publishes all workflows into a database that has none, though they were imported before', () => {
    rmSync(join(folder, 'calls'));
    fake(
      folder,
      'n8n',
      `echo "$1 $2" >>"$HOME/calls"
      [ "$1" != export:workflow ] || { echo 'No workflows found with specified filters'; exit 1; }
      echo "Successfully imported 1"`,
    );
    const newer = { ...files, 'credentials.json': '[{"id":"another"}]' };
    const { status } = run(folder, ['sh', 'start.sh'], {
      IMPORT_FILES: gzipSync(JSON.stringify(newer)).toString('base64'),
      TMPDIR: join(folder, 'tmp'),
    });
    assert.equal(status, 0);
    const calls = readFileSync(join(folder, 'calls'), 'utf8');
    assert.match(calls, /export:workflow[^]*import:workflow[^]*publish:workflow/);
  });

  test('imports nothing where there is nothing', () => {
    rmSync(join(folder, 'calls'));
    const { status, stdout } = run(folder, ['sh', 'start.sh'], {});
    assert.deepEqual([status, stdout], [0, 'n8n sees: \n']);
    assert.throws(() => readFileSync(join(folder, 'calls')), /ENOENT/);
  });

  test("runs the gate where it has the container to itself, without a secret of n8n's", () => {
    const secrets = { N8N_ENCRYPTION_KEY: 'key', GATE: 'inside', GATE_BEHIND_PROXY: 'true' };
    const { status, stdout } = run(folder, ['sh', 'start.sh'], secrets);
    assert.equal(status, 0);
    assert.match(stdout, /the gate sees: GATE_BEHIND_PROXY,NODE_OPTIONS,PATH(,PWD)?(,SHLVL)?\n/);
    assert.doesNotMatch(run(folder, ['sh', 'start.sh'], {}).stdout, /the gate sees/);
  });

  test('does not start n8n without what it needs', () => {
    fake(folder, 'n8n', 'echo "not a valid credential"');
    rmSync(join(folder, '.n8n'), { recursive: true });
    const { status, stdout } = run(folder, ['sh', 'start.sh'], { ...env, TMPDIR: join(folder, 'tmp') });
    assert.equal(status, 1);
    assert.match(stdout, /n8n did not import its credentials: not a valid credential/);
    assert.deepEqual(readdirSync(join(folder, 'tmp')), ['.keep']);
  });
});
