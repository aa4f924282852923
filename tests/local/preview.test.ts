import { preview } from '../../cluster/local/preview';
import { stopped } from '../../cluster/local/summary';

const NOTHING = {
  missing: [],
  fromSource: false,
  n8n: false,
  stopped: [],
  running: 10,
  cache: '/cache',
  built: '/dist',
  state: '/state',
  database: undefined,
};

test('preview names what is downloaded, installed, started and written, before it happens', () => {
  const text = preview({ ...NOTHING, missing: ['loki'], n8n: true, stopped: ['n8n', 'loki'], running: 8 });
  expect(text).toMatch(/download, or else build from source, loki/);
  expect(text).toMatch(/install n8n .*\n.*\/cache/);
  expect(text).toMatch(/start on 127\.0\.0\.1: n8n, loki/);
  expect(text).toMatch(/keep what runs \(8 of 10\)/);
  expect(text).toMatch(/secrets in \/state/);
  expect(text).toMatch(/Ctrl-C stops it/);
});

test('preview says nothing of downloads where all is there', () => {
  expect(preview(NOTHING)).not.toMatch(/download|install|start on/);
  expect(preview({ ...NOTHING, missing: ['prometheus'], fromSource: true })).toMatch(/- build from source prometheus/);
});

test("preview names every folder that a start writes to, PostgreSQL's outside of the state folder, too", () => {
  const text = preview({ ...NOTHING, database: '/var/lib/postgresql-0815' });
  for (const folder of ['/dist', '/state', '/var/lib/postgresql-0815']) expect(text).toContain(folder);
  expect(text).toMatch(/nothing else, but for temporary files and the caches of npm and Go/);
  expect(preview(NOTHING)).not.toContain('PostgreSQL');
});

test('stopped names the folders that stay, or that were removed', () => {
  const folders = ['/state', '/var/lib/postgresql-0815'];
  expect(stopped(folders, false)).toBe(
    'The stack is stopped. Its data stays in /state and /var/lib/postgresql-0815; --down --purge removes it.',
  );
  expect(stopped(folders, true)).toMatch(
    /^The stack is stopped, and its data removed: \/state and \/var\/lib\/postgresql-0815\. Programs .* stay in /,
  );
  expect(stopped([], true)).toContain('left nothing');
});
