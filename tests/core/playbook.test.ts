import { parsePriority } from '../../core/incident/priority';
import type { Alert } from '../../core/incident/alert';
import { decide } from '../../core/policy/decide';
import { answerTo, playbook } from '../../core/policy/playbook';
import { acts } from '../../core/policy/strength';
import { SERVING } from '../../core/policy/table/conditions';
import { FURTHER_ROWS } from '../../core/policy/table/further';
import further from '../fixtures/falco-further.json';
import { alertOf, contextOf, normaliseAlert, payload, RECEIVED_AT } from '../support/alerts';
import { realWorldCase } from '../support/realWorld';

const RUN = {
  by: 'playbook' as const,
  fallbackReason: null,
  promptVersion: 'race/1',
  model: null,
  tokens: { input: 0, output: 0 },
  questions: 0,
  durationMs: 0,
};

/** Without a model, for a pod of a ReplicaSet with other replicas, where everything is allowed. */
function decided(alert: Alert) {
  const workload = {
    kind: 'ReplicaSet',
    name: 'web-1',
    desired: 4,
    ready: 4,
    contained: 0,
    top: { kind: 'Deployment', name: 'web' },
  };
  const context = contextOf(alert, { workload });
  return decide({ proposal: playbook(alert), alert, context, mode: 'autonomous', run: RUN, now: RECEIVED_AT });
}

const rules = Object.entries(further.rules).map(([rule, { priority, tags }]) => ({ rule, priority, tags }));

/** As Falcosidekick sends it: with its tags sorted. */
const alertBy = (rule: string, priority: string, tags: readonly string[]) =>
  normaliseAlert(payload('test-shell', { rule, priority, tags: tags.toSorted() }), RECEIVED_AT, 'kernel');

describe('rules that Falco does not call stable', () => {
  const ACTING = [
    'Detect crypto miners using the Stratum protocol',
    'Known Cryptominer Process Executed',
    'Reverse Shell from Web Server',
    'Web Server Spawned Shell',
  ];
  /** In a container that serves and has no way to its node. */
  const ACTING_WHERE_SERVED = [
    'Java Process Class File Download',
    'Polkit Local Privilege Escalation Vulnerability (CVE-2021-4034)',
    'Sudo Potential Privilege Escalation',
    'Unprivileged Delegation of Page Faults Handling to a Userspace Process',
  ];
  const RECORDED = ['Container Run as Root User'];

  test.each(rules)('$rule: acts only if its own description says enough', ({ rule, priority, tags }) => {
    const { decision, classification, reason } = decided(alertBy(rule, priority, tags));
    expect([rule, decision, classification]).toEqual(
      ACTING.includes(rule)
        ? [rule, 'quarantine_pod', 'true_positive']
        : RECORDED.includes(rule)
          ? [rule, 'ignore', 'false_positive']
          : [rule, 'escalate', 'needs_review'],
    );
    expect(reason).not.toBe('');
  });

  test('the table has every rule of these sets, and no further one', () => {
    const names = rules.map(({ rule }) => rule);
    expect([...new Set(FURTHER_ROWS.map(([rule]) => rule))].toSorted()).toEqual(names.toSorted());
    const acting = FURTHER_ROWS.filter(([, when, { decision }]) => acts(decision) && when !== SERVING);
    expect(acting.map(([rule]) => rule).toSorted()).toEqual(ACTING);
    const serving = FURTHER_ROWS.filter(([, when]) => when === SERVING).map(([rule]) => rule);
    expect(serving.toSorted()).toEqual(ACTING_WHERE_SERVED);
  });

  test('playbook-host-paths-sandbox', () => {
    const { input } = realWorldCase('playbook-host-paths-sandbox');
    expect(decided(normaliseAlert(input.body, RECEIVED_AT, 'kernel'))).toMatchObject({
      decision: 'escalate',
      classification: 'needs_review',
      guardrails: [],
    });
  });

  test.each(['T1611', 'T1620', 'T1496', 'T1055', 'T1055.008'])(
    "%s alone acts for a stable rule and for one's own, and never for another",
    (technique) => {
      const by = (...maturity: string[]) =>
        decided(alertBy('A rule that is not listed', 'Critical', ['container', technique, ...maturity]));
      expect(by('maturity_stable').decision).toBe('quarantine_pod');
      expect(by().decision).toBe('quarantine_pod');
      for (const maturity of ['maturity_incubating', 'maturity_sandbox', 'maturity_deprecated', 'maturity_new'])
        for (const record of [by(maturity), by('maturity_stable', maturity)]) {
          expect([record.decision, record.classification]).toEqual(['escalate', 'needs_review']);
          expect(record.reason).toContain(maturity);
        }
    },
  );
});

test('a shell that a web server starts is answered no less than a stream bound to a socket', () => {
  const noisier = decided(alertBy('Redirect STDOUT/STDIN to Network Connection in Container', 'Notice', []));
  for (const rule of ['Reverse Shell from Web Server', 'Web Server Spawned Shell']) {
    const own = decided(alertBy(rule, 'Critical', ['maturity_sandbox', 'T1059']));
    expect([own.decision, own.confidence]).toEqual([noisier.decision, noisier.confidence]);
    expect(answerTo(alertBy(rule, 'Critical', [])).containFirst).toBe(true);
  }
});

test("every priority is one of Falco's", () => {
  for (const { priority } of rules) expect(parsePriority(priority)).not.toBe('unknown');
  expect(alertOf().priority).toBe('warning');
});
