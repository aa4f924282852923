import fc from 'fast-check';

import { wantsContainFirst } from '../../core/policy/wantsContainFirst';
import { meansEscape } from '../../core/policy/escapes';
import { FALCO_TABLE } from '../../core/policy/table';
import {
  containmentOf,
  escapeGap,
  lastingGaps,
  remainingGaps,
  recordedGaps,
} from '../../core/response/containmentGaps';
import { gap, textsOf } from '../../core/response/gap';
import { labelsKept } from '../../core/response/labelsKept';
import { encodeLabels, ownLabels } from '../../core/response/originalLabels';
import { quarantinePatch, quarantinePolicy, releasePatch } from '../../core/response/quarantine';
import { selects } from '../../core/response/selector';
import { treatmentOf } from '../../core/response/workloadKinds';
import { alertOf, CONFIGURATION, contextOf } from '../support/alerts';

const ATTESTED = { enforced: true, cutsOpenConnections: true };
const isolated = {
  labels: { 'security/quarantined': 'true' },
  hostNetwork: false,
  bypasses: [],
  attached: null,
  policies: [{ name: 'quarantine', spec: quarantinePolicy('shop').spec }],
  otherPolicies: [],
  past: [],
  network: ATTESTED,
};

describe('what is still open', () => {
  test('is nothing for a detached pod on a network that is known to cut', () => {
    expect(remainingGaps(isolated)).toEqual([]);
  });

  test.each([
    ['another policy that selects it', { policies: [{ name: 'all', spec: { egress: [{}] } }] }, 'NetworkPolicy all'],
    ["its node's network", { hostNetwork: true }, "node's network"],
    [
      'a way past its isolation',
      { bypasses: [{ kind: 'privileged' as const, detail: 'container main is privileged' }] },
      'container main is privileged',
    ],
    [
      'a policy of another kind',
      { otherPolicies: [gap('other-policy', 'CiliumNetworkPolicy x selects the pod')] },
      'CiliumNetworkPolicy x',
    ],
    ['an escape that an alert was about', { past: [escapeGap('A rule')] }, 'may have reached the node'],
    ['labels that stayed', { attached: labelsKept('its labels stay') }, 'its labels stay'],
    ['a network nobody attested', { network: CONFIGURATION.network }, 'not attested'],
    [
      'connections that were open before',
      { network: { enforced: true, cutsOpenConnections: false } },
      'connections that were open before',
    ],
  ])('names %s', (_what, change, expected) => {
    const open = remainingGaps({ ...isolated, ...change });
    expect(textsOf(open).join('; ')).toContain(expected);
  });

  test('names no policy that allows nothing or selects others', () => {
    const policies = [
      { name: 'deny', spec: { policyTypes: ['Egress'] } },
      { name: 'others', spec: { podSelector: { matchLabels: { app: 'web' } }, ingress: [{}] } },
    ];
    expect(remainingGaps({ ...isolated, policies })).toEqual([]);
  });
});

test('remainingGaps() is bounded: what is beyond is counted, and a record takes all of them', () => {
  const policies = Array.from({ length: 500 }, (_, index) => ({ name: `p${index}`, spec: { egress: [{}] } }));
  const otherPolicies = policies.map(({ name }) => gap('other-policy', `${'long'.repeat(500)} ${name}`, name));
  const open = remainingGaps({ ...isolated, policies, otherPolicies });
  expect(open.length).toBeLessThanOrEqual(32);
  expect(textsOf(open).join('; ')).toContain('488 further NetworkPolicies');
  const recorded = recordedGaps(open);
  expect(recorded).toHaveLength(open.length);
  for (const { key, text } of recorded) expect(Math.max(key.length, text.length)).toBeLessThanOrEqual(1024);
  expect([containmentOf(open), containmentOf([])]).toEqual(['partial', 'full']);
});

test('an escape stays a containment gap, whatever later readings find', () => {
  expect(meansEscape({ source: 'falco', rule: 'Linux Kernel Module Injection Detected' })).toBe(true);
  // A report's rule is a name that anyone may have given it.
  expect(meansEscape({ source: 'alertmanager', rule: 'Linux Kernel Module Injection Detected' })).toBe(false);
  expect(meansEscape({ source: 'falco', rule: 'Terminal shell in container' })).toBe(false);
  const recorded = recordedGaps([escapeGap('Debugfs Launched in Privileged Container'), labelsKept('its labels stay')]);
  expect(lastingGaps(recorded)).toEqual(recorded.slice(0, 1));
});

test.each([
  [undefined, true],
  [{}, true],
  [{ matchLabels: { app: 'web' } }, true],
  [{ matchLabels: { app: 'db' } }, false],
  [{ matchExpressions: [{ key: 'app', operator: 'In', values: ['web', 'db'] }] }, true],
  [{ matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['web'] }] }, false],
  [{ matchExpressions: [{ key: 'tier', operator: 'NotIn', values: ['x'] }] }, true],
  [{ matchExpressions: [{ key: 'app', operator: 'Exists' }] }, true],
  [{ matchExpressions: [{ key: 'app', operator: 'DoesNotExist' }] }, false],
  [{ matchExpressions: [{ key: 'app', operator: 'NewInKubernetes9' }] }, true],
])('the selector %j', (selector, expected) => {
  expect(selects(selector, { app: 'web' })).toBe(expected);
});

describe('labels', () => {
  const labels = fc.dictionary(
    fc.stringMatching(/^[a-z]([a-z0-9./-]{0,20}[a-z0-9])?$/),
    fc.stringMatching(/^[A-Za-z0-9]{0,10}$/),
  );

  test('go into the annotation sorted, and nothing is lost', () => {
    fc.assert(
      fc.property(labels, (own) => {
        const text = encodeLabels(own);
        const pairs = text === '' ? [] : text.split(',').map((pair) => pair.split('=') as [string, string]);
        const read = Object.fromEntries(pairs);
        expect(read).toEqual(own);
        expect(text.split(',')).toEqual(text.split(',').sort());
      }),
    );
  });

  test('are sorted as they are written, which is what the admission policy compares', () => {
    expect(encodeLabels({ app: 'web', 'app.kubernetes.io/name': 'web', 'app-x': '1' })).toBe(
      'app-x=1,app.kubernetes.io/name=web,app=web',
    );
  });

  test('are taken away and given back whole; ours are never among them', () => {
    fc.assert(
      fc.property(labels, (own) => {
        const before = { ...own, 'security/quarantined': 'true' };
        expect(ownLabels(before)).toEqual(own);
        const patch = quarantinePatch({
          uid: 'u',
          resourceVersion: '1',
          incidentId: 'i',
          originalLabels: own,
          marking: 'detached',
          at: 'now',
          until: 'then',
        });
        const isolatedLabels = mergeLabels(own, patch.metadata.labels);
        expect(isolatedLabels).toEqual({ 'security/quarantined': 'true' });
        expect(mergeLabels(isolatedLabels, releasePatch('u', '2', own).metadata.labels)).toEqual(own);
      }),
    );
  });

  /** What the API server makes of a merge patch (RFC 7386). */
  function mergeLabels(before: Record<string, string>, patch: Record<string, string | null>): Record<string, string> {
    const merged = Object.entries({ ...before, ...patch });
    return Object.fromEntries(merged.filter((entry): entry is [string, string] => entry[1] !== null));
  }
});

/** The table of docs/policy.md, row by row. */
test.each([
  ['ReplicaSet', true, null],
  ['StatefulSet', false, 'keeps one pod of each name'],
  ['DaemonSet', false, 'one pod per node'],
  ['Job', false, 'another run of its work'],
  [null, false, 'bare pod'],
  ['Rollout', false, 'not a controller known here'],
])('a pod of %s', (kind, detach, reason) => {
  const treatment = treatmentOf(kind);
  expect(treatment.detach).toBe(detach);
  if (reason === null) expect(treatment.reason).toBeNull();
  else expect(treatment.reason).toContain(reason);
});

describe('containing first', () => {
  const alert = alertOf('pod-delete-test');
  const owner = { kind: 'ReplicaSet', name: 'web-1', uid: 'u' };
  const wanted = (
    first: Partial<typeof CONFIGURATION.containFirst>,
    pod: { owner: { kind: string; name: string; uid: string } | null } = { owner },
    rule = alert.rule,
  ) =>
    wantsContainFirst(
      { ...alert, rule },
      contextOf(alert, { pod, configuration: { containFirst: { ...CONFIGURATION.containFirst, ...first } } }),
    );

  /** Rules which mean that attacker-chosen code ran in the pod. */
  const CODE_EXECUTION = [
    'Netcat Remote Code Execution in Container',
    'Redirect STDOUT/STDIN to Network Connection in Container',
    'Drop and execute new binary in container',
    'Fileless execution via memfd_create',
    'Execution from /dev/shm',
    'Detect release_agent File Container Escapes',
    'Linux Kernel Module Injection Detected',
    'PTRACE attached to process',
    'Reverse Shell from Web Server',
    'Web Server Spawned Shell',
  ];

  test('is for namespaces that ask for it, and for rules that mean code ran in the pod', () => {
    expect(wanted({})).toBe(false);
    expect(wanted({ namespaces: ['another'] })).toBe(false);
    expect(wanted({ namespaces: ['playground'] })).toBe(true);
    expect(wanted({ namespaces: ['playground'] }, { owner }, 'Terminal shell in container')).toBe(false);
    for (const rule of CODE_EXECUTION) expect(wanted({ namespaces: ['playground'] }, { owner }, rule)).toBe(true);
    for (const rule of [...FALCO_TABLE.keys(), 'A rule that nobody knows'])
      expect([rule, wanted({ namespaces: ['playground'] }, { owner }, rule)]).toEqual([
        rule,
        CODE_EXECUTION.includes(rule),
      ]);
  });

  test("takes the administrator's rules instead, if there are any", () => {
    const first = { namespaces: ['playground'], rules: ['Terminal shell in container'] };
    expect(wanted(first)).toBe(false);
    expect(wanted(first, { owner }, 'Terminal shell in container')).toBe(true);
  });

  test.each(['StatefulSet', 'DaemonSet', 'Job', 'Pod'])('is for %s only by name', (kind) => {
    const pod = { owner: kind === 'Pod' ? null : { kind, name: 'x', uid: 'u' } };
    expect(wanted({ namespaces: ['playground'] }, pod)).toBe(false);
    expect(wanted({ namespaces: ['playground'], kinds: [kind] }, pod)).toBe(true);
  });
});
