import { belowTable, named, type Row, statusTable } from '../../cluster/local/statusTable';

const well = (name: string): Row => ({
  name,
  well: true,
  state: 'healthy',
  pid: 4_194_304,
  memoryBytes: 1_500 * 2 ** 20,
  address: 'https://127.0.0.1:30443',
});
const SERVERS = [
  'etcd',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kwok',
  'loki',
  'prometheus',
  'pushgateway',
  'postgresql',
  'redis',
  'n8n',
  'gate',
  'simulators',
];
const numbered = (kind: string): string[] => Array.from({ length: 9 }, (_, index) => `n8n-${kind}-${index + 1}`);

/** Below the table: the nodes, the login, the page for approvals, two outputs, and the shell's prompt. */
const BELOW = 7;

test('statusTable fits 80 columns and 24 lines with nine workers and the simulators', () => {
  const lines = statusTable([...SERVERS, ...numbered('webhook'), ...numbered('worker')].map(well));
  expect(lines.length + BELOW).toBeLessThanOrEqual(24);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  expect(lines.at(-1)).toMatch(/^n8n-worker +healthy +13500 MiB {2}9 of them$/);
});

test('statusTable shows a worker that is not well by its own name', () => {
  const ill: Row = { name: 'n8n-worker-2', well: false, state: 'stopped', address: 'http://127.0.0.1:30701' };
  const lines = statusTable([...numbered('worker').slice(2).map(well), ill]);
  expect(lines).toHaveLength(2);
  expect(lines[1]).toMatch(/^n8n-worker-2 +stopped/);
});

test('statusTable says which process n8n is beside its webhook processors and workers', () => {
  expect(statusTable([...SERVERS, ...numbered('worker')].map(well)).join('\n')).toMatch(
    /^n8n \(main process\) +healthy/m,
  );
  expect(statusTable(SERVERS.map(well)).join('\n')).toMatch(/^n8n +healthy/m);
});

test('belowTable gives each line a name that no line of the table has', () => {
  const below = belowTable({
    login: 'http://n8n  me / secret',
    approvals: 'http://n8n/form',
    outputs: ['Loki: 1', 'more'],
  });
  expect(below).toEqual([
    'Login       http://n8n  me / secret',
    'Approvals   http://n8n/form',
    'Outputs     Loki: 1',
    '            more',
  ]);
  const taken = statusTable([...SERVERS, ...numbered('worker')].map(well)).map((line) => line.split(' ')[0]);
  expect(taken.filter((name) => ['Login', 'Approvals', 'Outputs'].includes(name ?? ''))).toEqual([]);
  expect(belowTable({ approvals: 'http://n8n/form', outputs: ['none'] })).toEqual(['Outputs     none']);
});

test('named shortens a list to the width', () => {
  expect(named(['n8n', 'n8n-webhook-1'], 60)).toBe('n8n, n8n-webhook-1');
  expect(named(['n8n', ...numbered('worker')], 40)).toBe('n8n, n8n-worker-1 and 8 more');
});
