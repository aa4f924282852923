import { opening } from '../../cluster/local/scenarios/scenario';
import { SCENARIOS } from '../../cluster/local/scenarios/scenarios';
import { next } from '../../cluster/local/summary';

const offered = (text: string): string[] => text.match(/--(?:alert|scenario) \S+/g) ?? [];

test.each(['pod-delete-test', 'escalate-test', 'test-shell'])(
  'next offers three things after the alert %s, and not that',
  (name) => {
    const text = next({ kind: 'alert', name });
    expect(offered(text)).toHaveLength(2);
    expect(offered(text)).not.toContain(`--alert ${name}`);
    expect(text).toContain('change a node, then send the alert again');
  },
);

test.each(Object.keys(SCENARIOS))('next offers three things after the scenario %s, and not that', (name) => {
  const all = offered(next({ kind: 'scenario', name }));
  expect(all).toHaveLength(3);
  expect(all).not.toContain(`--scenario ${name}`);
});

test('next begins with an alert, a decision of a person and a fix in code', () => {
  expect(offered(next())).toEqual(['--alert pod-delete-test', '--alert escalate-test', '--scenario critical-cve']);
});

test('opening says that the command approves in place of a person, where Neo asks', () => {
  const approved = Object.keys(SCENARIOS).filter((name) =>
    opening(name, 'with-context').includes('this command approves'),
  );
  expect(approved).toEqual(['critical-cve', 'privileged-pod']);
});
