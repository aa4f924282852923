import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { ROOT } from '../repository/paths';
import { fake, run, write } from './support/shell';

const COPIED = [
  'cluster/kind/image.sh',
  'cluster/digitalocean/push-image.sh',
  'manifests/n8n/image',
  'package.json',
  'package-lock.json',
];
const COPIED_TOO = ['tsconfig.json', 'tsconfig.build.json', 'gulpfile.js', '.npmrc'];
const SOURCES = ['core', 'app', 'adapters', 'nodes', 'credentials', 'gate', 'dist'];
const TOKEN = 'dop_v1_token';

let folder: string;

/** A checkout with the least that the image is made of, and tools that only write down how they are called. */
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'push-'));
  for (const path of [...COPIED, ...COPIED_TOO]) cpSync(join(ROOT, path), join(folder, path), { recursive: true });
  for (const source of SOURCES) write(join(folder, source, 'index.ts'), '');
});
beforeEach(() => {
  fake(folder, 'npm', 'echo "npm $*" >>"$HOME/calls"');
  fake(
    folder,
    'docker',
    `echo "docker $* $DOCKER_HOST" >>"$HOME/calls"
[ "$1" != context ] || echo unix:///run/user/1000/docker.sock
[ "$1" != push ] || cp "$DOCKER_CONFIG/config.json" "$HOME/login.json"`,
  );
  fake(folder, 'pulumi', 'echo "pulumi $*" >>"$HOME/calls"; [ "$1 $2" != "stack output" ] || echo acme-workshop');
  write(join(folder, 'calls'), '');
});
after(() => {
  rmSync(folder, { recursive: true });
});

const push = (env: Record<string, string> = { DIGITALOCEAN_TOKEN: TOKEN }) =>
  run(folder, ['bash', 'cluster/digitalocean/push-image.sh'], env);

const calls = (): string[] => readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n');

describe('push-image.sh', () => {
  test("builds, pushes, and sets the stack's key, by the hash of the sources", () => {
    const { status, stdout, stderr } = push();
    assert.deepEqual([status, stderr], [0, '']);
    const [image = ''] = /registry\.digitalocean\.com\/acme-workshop\/n8n:[0-9a-f]{12}/.exec(stdout) ?? [];
    const commands = calls()
      .filter((call) => !call.startsWith('npm'))
      .map((call) => call.replace(/ (\/\S*| $)/g, '').trimEnd());
    assert.deepEqual(commands, [
      'pulumi stack output registry --cwd',
      `docker build --platform linux/amd64 --tag ${image}`,
      'docker context inspect --format {{.Endpoints.docker.Host}}',
      `docker push ${image} unix:///run/user/1000/docker.sock`,
      `pulumi config set n8n-image ${image} --cwd`,
    ]);
  });

  test('shows the token to Docker alone', () => {
    const { auths } = JSON.parse(readFileSync(join(folder, 'login.json'), 'utf8')) as {
      auths: Record<string, { auth: string }>;
    };
    const login = auths['registry.digitalocean.com']?.auth ?? '';
    assert.equal(Buffer.from(login, 'base64').toString(), `${TOKEN}:${TOKEN}`);
    assert.ok(!calls().join('').includes(TOKEN));
  });

  test('installs what the package is built with, where that is not there', () => {
    const install = `npm ci --prefix ${folder} --ignore-scripts`;
    push();
    const npm = calls().filter((call) => call.startsWith('npm'));
    assert.ok(npm.includes(install) && npm.indexOf(install) < npm.indexOf(`npm run build --prefix ${folder}`));
    write(join(folder, 'node_modules/.package-lock.json'), '');
    write(join(folder, 'calls'), '');
    push();
    assert.ok(!calls().includes(install));
    rmSync(join(folder, 'node_modules'), { recursive: true });
  });

  test("leaves docker's server to a user who has named one", () => {
    push({ DIGITALOCEAN_TOKEN: TOKEN, DOCKER_HOST: 'tcp://builder:2376' });
    assert.ok(calls().some((call) => /^docker push .* tcp:\/\/builder:2376$/.test(call)));
    assert.ok(!calls().some((call) => call.startsWith('docker context')));
  });

  test('keeps the log that its message names, and no login', () => {
    fake(folder, 'npm', '[ "$1" = ci ] || { echo "error TS2304"; exit 1; }');
    const { status, stderr } = push();
    assert.equal(status, 2);
    const [, log = ''] = /Check (\S+),/.exec(stderr) ?? [];
    assert.match(readFileSync(log, 'utf8'), /error TS2304/);
    assert.deepEqual(readdirSync(dirname(log)), ['npm.log']);
    rmSync(dirname(log), { recursive: true });
  });

  test('does not set the key of an image that was not pushed', () => {
    fake(folder, 'docker', '[ "$1" != push ]');
    const temporary = join(folder, 'tmp');
    mkdirSync(temporary);
    const { status, stderr } = push({ DIGITALOCEAN_TOKEN: TOKEN, TMPDIR: temporary });
    assert.equal(status, 2);
    assert.match(stderr, /was not pushed/);
    assert.deepEqual(readdirSync(temporary), []);
    assert.ok(!calls().some((call) => call.includes('config set')));
  });

  test('says what is missing: the token, the registry', () => {
    assert.match(push({}).stderr, /DIGITALOCEAN_TOKEN is not set.*pulumi env run/s);
    fake(folder, 'pulumi', 'exit 1');
    const { status, stderr } = push();
    assert.equal(status, 2);
    assert.match(stderr, /no registry yet.*pulumi up first/s);
  });
});
