import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  isGoodVersion,
  linkerFlags,
  prometheusRelease,
  requiredVersion,
  versionIn,
} from '../../cluster/local/build/versions';

describe('a server on PATH', () => {
  it.each([
    ['etcd Version: 3.6.4\nGit SHA: Not provided\nGo Version: go1.26.8', '3.6.4'],
    ['Kubernetes v1.34.4', '1.34.4'],
    ['kwok version v0.8.0 go1.26.8 (linux/amd64)', '0.8.0'],
    ['prometheus, version 3.9.1 (branch: HEAD, revision: abc)', '3.9.1'],
    ['loki, version k312 (no number yet)', undefined],
    ['listening on 10.0.0.12', undefined],
  ])('%j has version %s', (output, version) => {
    expect(versionIn(output)).toBe(version);
  });

  it.each([
    ['3.5.0', '3.5.0', true],
    ['3.10.0', '3.5.9', true],
    ['3.5.1', '3.5.9', false],
    ['3.4.23', '3.5.0', false],
    ['4.0.0', '3.5.0', false], // a new major may have dropped a flag
  ])('%s is as good as %s: %s', (version, minimum, good) => {
    expect(isGoodVersion(version, minimum)).toBe(good);
  });
});

describe('the linker flags', () => {
  const goMod = (module: string) =>
    readFileSync(join(__dirname, '../../cluster/local/servers', module, 'go.mod'), 'utf8');

  it('tell Kubernetes its version', () => {
    expect(linkerFlags(goMod('kubernetes'))).toBe(
      '-s -w -X k8s.io/component-base/version.gitVersion=v1.34.4' +
        ' -X k8s.io/component-base/version.gitMajor=1 -X k8s.io/component-base/version.gitMinor=34',
    );
  });

  it('say nothing of Kubernetes to others', () => {
    expect(linkerFlags(goMod('monitoring'))).toBe('-s -w');
  });
});

describe('requiredVersion', () => {
  const goMod = [
    'module servers/one',
    'require go.etcd.io/etcd/server/v3 v3.6.4',
    'require (',
    '\tk8s.io/kubernetes v1.34.4 // indirect',
    '\tk8s.io/kubernetes/staging v0.1.0',
    ')',
    'replace k8s.io/api => k8s.io/api v0.34.4',
  ].join('\n');

  it.each([
    ['go.etcd.io/etcd/server/v3', 'v3.6.4'],
    ['k8s.io/kubernetes', 'v1.34.4'],
  ])('of %s is %s', (module, version) => {
    expect(requiredVersion(goMod, module)).toBe(version);
  });

  it('is an error for a module that go.mod only replaces', () => {
    expect(() => requiredVersion(goMod, 'k8s.io/api')).toThrow('does not require k8s.io/api');
  });
});

test.each([
  ['v0.313.1', 'v3.13.1'],
  ['v0.302.0', 'v3.2.0'],
])('prometheusRelease of the module %s is %s', (version, release) => {
  expect(prometheusRelease(version)).toBe(release);
});

test('prometheusRelease refuses a version between releases', () => {
  expect(() => prometheusRelease('v0.312.1-0.20260612131846-2ad3a8717015')).toThrow('has no release');
});
