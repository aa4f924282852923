import { preview } from '../../cluster/local/preview';

const NOTHING = {
  missing: [],
  fromSource: false,
  n8n: false,
  stopped: [],
  running: 10,
  cache: '/cache',
  state: '/state',
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
