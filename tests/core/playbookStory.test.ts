import type { Related } from '../../core/incident/incidentLink';
import type { PodFacts } from '../../core/incident/podFacts';
import { playbook } from '../../core/policy/playbook';
import { alertOf, contextOf } from '../support/alerts';
import { factsWith } from '../support/pods';
import { relatedOf } from '../support/related';

const CHMOD = 'Container Drift Detected (chmod)';
const DOWNLOAD = 'Launch Ingress Remote File Copy Tools in Container';
const DROP = 'Drop and execute new binary in container';
const SERVER_SHELL = 'Run shell untrusted';
const TERMINAL = 'Terminal shell in container';
const UDP = 'Unexpected UDP Traffic';
const PRIVILEGED = 'Launch Privileged Container';

function decided(rule: string, related: readonly Related[], facts: PodFacts = factsWith()): string {
  const alert = alertOf('pod-quarantine-test', { rule, tags: [], fields: {}, output: '', related: [...related] });
  return playbook(alert, { ...contextOf(alert), facts }).decision;
}

describe('earlier incidents of the same workload', () => {
  test.each<[string, string, Related[], string]>([
    ['an acting rule', UDP, [relatedOf(DROP)], 'quarantine_pod'],
    ['an acting rule before a terminal', TERMINAL, [relatedOf(DROP)], 'quarantine_pod'],
    ['the same rule', CHMOD, [relatedOf(CHMOD)], 'escalate'],
    ['several rules', UDP, [relatedOf(CHMOD), relatedOf(SERVER_SHELL)], 'quarantine_pod'],
    ['several rules before a terminal', TERMINAL, [relatedOf(CHMOD), relatedOf(SERVER_SHELL)], 'ignore'],
    ["a server's shell, and what follows", CHMOD, [relatedOf(SERVER_SHELL)], 'quarantine_pod'],
    ['a download, and what follows', CHMOD, [relatedOf(DOWNLOAD)], 'quarantine_pod'],
    ["a server's shell, and a connection", UDP, [relatedOf(SERVER_SHELL)], 'escalate'],
    ['a terminal', CHMOD, [relatedOf(TERMINAL), relatedOf(PRIVILEGED)], 'escalate'],
    ['what was recorded as harmless', UDP, [relatedOf(DROP, { decision: 'ignore' })], 'escalate'],
    ['another workload', UDP, [relatedOf(DROP, { sameSubject: false })], 'escalate'],
    ['another source', UDP, [relatedOf(DROP, { source: 'alertmanager' })], 'escalate'],
    ['an hour and a minute before', UDP, [relatedOf(DROP, { minutesBefore: 61 })], 'escalate'],
    ['how a container was started', PRIVILEGED, [relatedOf(DROP)], 'escalate'],
  ])('%s', (_what, rule, related, expected) => {
    expect(decided(rule, related)).toBe(expected);
  });

  test('go to a person where such work is done by design, and where people judged the rule', () => {
    const history = { incidents: 4, workloads: 1, falsePositives: 2, truePositives: 0 };
    for (const facts of [factsWith({ runsOnce: true }), factsWith({ access: ['host_path'] }), factsWith({ history })])
      expect(decided(UDP, [relatedOf(DROP)], facts)).toBe('escalate');
  });

  test('are named in the reason', () => {
    const alert = alertOf('pod-quarantine-test', { rule: UDP, fields: {}, output: '', related: [relatedOf(DROP)] });
    expect(playbook(alert).reason).toContain(`the same workload had "${DROP}"`);
  });
});

test('a terminal in a pod with a way to its node goes to a person', () => {
  expect(decided(TERMINAL, [], factsWith({ access: ['host_path'] }))).toBe('escalate');
  expect(decided(TERMINAL, [])).toBe('ignore');
});
