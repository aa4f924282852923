import fc from 'fast-check';

import { POLICY_KINDS } from '../../core/response/policyKinds';
import { calicoSelection } from '../../core/response/policyKinds/calicoSelector';
import type { IsolatedPod } from '../../core/response/policyKinds/policyKind';

const POD: IsolatedPod = {
  namespace: 'shop',
  labels: { 'security/quarantined': 'true' },
  serviceAccount: 'web',
  namespaceLabels: { team: 'a', 'kubernetes.io/metadata.name': 'shop' },
};

function judge(kind: string, group: string, object: object, pod: Partial<IsolatedPod> = {}) {
  const found = POLICY_KINDS.find((each) => each.kind === kind && each.group === group);
  if (found?.opens == null) throw new Error(`no such kind: ${kind}`);
  return found.opens(object, { ...POD, ...pod });
}

describe('CiliumNetworkPolicy', () => {
  const opens = (spec: object, pod?: Partial<IsolatedPod>) =>
    judge('CiliumNetworkPolicy', 'cilium.io', { metadata: { name: 'x' }, spec }, pod);
  const OUT = [{ toEntities: ['world'] }];

  test.each<[string, object, string]>([
    ['selects everything and allows', { endpointSelector: {}, egress: OUT }, 'yes'],
    ['allows by a condition on the peer alone', { endpointSelector: {}, ingress: [{ fromEndpoints: [{}] }] }, 'yes'],
    ['denies everything', { endpointSelector: {}, ingress: [{}], egress: [{}] }, 'no'],
    ['only denies', { endpointSelector: {}, egressDeny: OUT }, 'no'],
    ['selects others', { endpointSelector: { matchLabels: { app: 'db' } }, egress: OUT }, 'no'],
    [
      'selects by the mark',
      { endpointSelector: { matchLabels: { 'k8s:security/quarantined': 'true' } }, egress: OUT },
      'yes',
    ],
    [
      'leaves the mark out',
      {
        endpointSelector: { matchExpressions: [{ key: 'any:security/quarantined', operator: 'DoesNotExist' }] },
        egress: OUT,
      },
      'no',
    ],
    [
      'selects by the namespace',
      { endpointSelector: { matchLabels: { 'k8s:io.kubernetes.pod.namespace': 'shop' } }, egress: OUT },
      'yes',
    ],
    [
      'selects another ServiceAccount',
      { endpointSelector: { matchLabels: { 'io.cilium.k8s.policy.serviceaccount': 'db' } }, egress: OUT },
      'no',
    ],
    [
      'selects by a label of the namespace',
      { endpointSelector: { matchLabels: { 'k8s:io.cilium.k8s.namespace.labels.team': 'a' } }, egress: OUT },
      'yes',
    ],
    [
      'selects by another source',
      { endpointSelector: { matchLabels: { 'reserved:init': '' } }, egress: OUT },
      'unsure',
    ],
    [
      'selects by the cluster',
      { endpointSelector: { matchLabels: { 'io.cilium.k8s.policy.cluster': 'c' } }, egress: OUT },
      'unsure',
    ],
    ['is for nodes', { nodeSelector: {}, egress: OUT }, 'no'],
    ['is of another form', { endpointSelector: 'all', egress: OUT }, 'unsure'],
  ])('that %s', (_what, spec, expected) => {
    expect(opens(spec)).toBe(expected);
  });

  test('with several specs opens by any of them', () => {
    const specs = [
      { endpointSelector: { matchLabels: { app: 'db' } }, egress: OUT },
      { endpointSelector: {}, egress: OUT },
    ];
    expect(judge('CiliumClusterwideNetworkPolicy', 'cilium.io', { specs })).toBe('yes');
    expect(judge('CiliumClusterwideNetworkPolicy', 'cilium.io', { specs: specs.slice(0, 1) })).toBe('no');
  });

  test('that goes by labels of a namespace which were not read is not sure', () => {
    const spec = { endpointSelector: { matchLabels: { 'io.cilium.k8s.namespace.labels.team': 'b' } }, egress: OUT };
    expect(opens(spec, { namespaceLabels: null })).toBe('unsure');
  });
});

describe.each(['projectcalico.org', 'crd.projectcalico.org'])("Calico's policies of %s", (group) => {
  const ALLOW = [{ action: 'Allow' }];

  test.each<[string, object, string]>([
    ['selects everything and allows', { egress: ALLOW }, 'yes'],
    ['says all()', { selector: 'all()', ingress: ALLOW }, 'yes'],
    ['passes on, to a profile in the end', { selector: 'all()', egress: [{ action: 'Pass' }] }, 'yes'],
    ['denies and logs', { selector: 'all()', egress: [{ action: 'Log' }, { action: 'Deny' }] }, 'no'],
    ['allows others', { selector: "app == 'db'", egress: ALLOW }, 'no'],
    ['leaves the mark out', { selector: '!has(security/quarantined)', egress: ALLOW }, 'no'],
    ["selects by the ServiceAccount's labels", { serviceAccountSelector: "role == 'x'", egress: ALLOW }, 'unsure'],
    ['is for hosts', { selector: 'all()', preDNAT: true, ingress: ALLOW }, 'no'],
    ['is not understood', { selector: 'app === db', egress: ALLOW }, 'unsure'],
    ['is of another form', { selector: 7, egress: ALLOW }, 'unsure'],
  ])('NetworkPolicy that %s', (_what, spec, expected) => {
    expect(judge('NetworkPolicy', group, { spec })).toBe(expected);
  });

  test.each([
    ["team == 'a'", 'yes'],
    ["team == 'b'", 'no'],
    ["projectcalico.org/name == 'shop'", 'yes'],
    ['global()', 'no'],
  ])('GlobalNetworkPolicy for the namespaces %s', (namespaceSelector, expected) => {
    const spec = { namespaceSelector, egress: ALLOW };
    expect(judge('GlobalNetworkPolicy', group, { spec })).toBe(expected);
    if (namespaceSelector.startsWith('team'))
      expect(judge('GlobalNetworkPolicy', group, { spec }, { namespaceLabels: null })).toBe('unsure');
  });
});

describe("Calico's selectors", () => {
  const labels: Record<string, string> = { app: 'web', tier: 'front', 'security/quarantined': 'true' };
  const select = (selector: string) =>
    calicoSelection(selector, (key) =>
      key === 'secret' ? null : Object.hasOwn(labels, key) ? labels[key] : undefined,
    );

  test.each([
    ['', 'yes'],
    ["app == 'web'", 'yes'],
    ['app == "db"', 'no'],
    ["app != 'web'", 'no'],
    ["missing != 'x'", 'yes'],
    ["app in {'db', 'web'}", 'yes'],
    ["app not in {'db'}", 'yes'],
    ["missing not in {'db'}", 'yes'],
    ['app in {}', 'no'],
    ['has(app)', 'yes'],
    ['!has(app)', 'no'],
    ["app contains 'e'", 'yes'],
    ["app starts with 'w' && tier ends with 'nt'", 'yes'],
    ["app == 'db' || tier == 'front'", 'yes'],
    ["!(app == 'db' || tier == 'front')", 'no'],
    ["app == 'db' && (tier == 'front' || has(x))", 'no'],
    ["secret == 'x'", 'unsure'],
    ["secret == 'x' && app == 'db'", 'no'],
    ["secret == 'x' || app == 'web'", 'yes'],
    ["app == 'web' &&", 'unsure'],
    ["app == 'web' app", 'unsure'],
    ["app == 'we", 'unsure'],
    ['nobody(app)', 'unsure'],
    [`${'('.repeat(1000)}all()${')'.repeat(1000)}`, 'unsure'],
    [`has(app)${' || has(app)'.repeat(1000)}`, 'unsure'],
  ])('%s', (selector, expected) => {
    expect(select(selector)).toBe(expected);
  });

  test('never throw, whatever their text', () => {
    const part = fc.constantFrom(
      'app',
      '==',
      "'web'",
      '&&',
      '||',
      '!',
      '(',
      ')',
      'has',
      'in',
      '{',
      '}',
      ',',
      'not',
      '"',
      ' ',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(part).map((parts) => parts.join(' ')),
        ),
        (selector) => {
          expect(['yes', 'no', 'unsure']).toContain(select(selector));
        },
      ),
    );
  });
});

describe.each([
  ['AdminNetworkPolicy', 'Allow'],
  ['ClusterNetworkPolicy', 'Accept'],
])('%s', (kind, allowed) => {
  const opens = (spec: object, pod?: Partial<IsolatedPod>) => judge(kind, 'policy.networking.k8s.io', { spec }, pod);
  const ingress = [{ action: allowed, from: [] }];

  test.each<[string, object, string]>([
    ['allows in every namespace', { subject: { namespaces: {} }, ingress }, 'yes'],
    ['allows in another namespace', { subject: { namespaces: { matchLabels: { team: 'b' } } }, ingress }, 'no'],
    [
      'allows pods of this namespace',
      { subject: { pods: { namespaceSelector: { matchLabels: { team: 'a' } }, podSelector: {} } }, egress: ingress },
      'yes',
    ],
    [
      'allows other pods',
      { subject: { pods: { namespaceSelector: {}, podSelector: { matchLabels: { app: 'web' } } } }, ingress },
      'no',
    ],
    ['denies', { subject: { namespaces: {} }, ingress: [{ action: 'Deny' }] }, 'no'],
    ['passes on, to the NetworkPolicies', { subject: { namespaces: {} }, ingress: [{ action: 'Pass' }] }, 'no'],
    ['comes after the NetworkPolicies', { tier: 'Baseline', subject: { namespaces: {} }, ingress }, 'no'],
    ['has a subject of another form', { subject: {}, ingress }, 'unsure'],
    ['is of another form', { ingress }, 'unsure'],
  ])('that %s', (_what, spec, expected) => {
    expect(opens(spec)).toBe(expected);
  });

  test('that goes by labels of a namespace which were not read is not sure', () => {
    const spec = { subject: { namespaces: { matchLabels: { team: 'b' } } }, ingress };
    expect(opens(spec, { namespaceLabels: null })).toBe('unsure');
  });
});
