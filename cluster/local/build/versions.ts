/** Finds "1.34.4" in whatever a program prints when asked for its version: `etcd Version: 3.6.4`, `Kubernetes v1.34.4`. */
export function versionIn(output: string): string | undefined {
  return /(?<![\d.])\d+\.\d+\.\d+(?!\.?\d)/.exec(output)?.[0];
}

/** True from `minimum` up to the end of its major version: a new major may have dropped a flag that the stack passes. */
export function isGoodVersion(version: string, minimum: string): boolean {
  const [have, need] = [numbers(version), numbers(minimum)];
  if (have[0] !== need[0]) return false;
  return have[1] !== need[1] ? have[1] > need[1] : have[2] >= need[2];
}

/** The version of a module that a go.mod requires: `v1.34.4`. */
export function requiredVersion(goMod: string, module: string): string {
  const version = goMod
    .split('\n')
    .map((line) => line.trim().replace(/^require /, ''))
    .find((line) => line.startsWith(`${module} v`))
    ?.split(' ')[1];
  if (version === undefined) throw new Error(`go.mod does not require ${module}`);
  return version;
}

/** The release of Prometheus whose module has this version: v0.312.0 is v3.12.0. */
export function prometheusRelease(version: string): string {
  const [, major = '', minor = '', patch = ''] = /^v0\.(\d)(\d\d)\.(\d+)$/.exec(version) ?? [];
  if (major === '') throw new Error(`Prometheus has no release of its module's version ${version}`);
  return `v${major}.${Number(minor)}.${patch}`;
}

/** A Kubernetes built outside its own release scripts calls itself v0.0.0, which clients take for ancient. */
export function linkerFlags(goMod: string): string {
  const version = /^\s*k8s\.io\/kubernetes v(\d+)\.(\d+)\.\d+/m.exec(goMod);
  if (version === null) return '-s -w';
  const [line, major, minor] = version;
  const variables = { gitVersion: line.trim().split(' ')[1], gitMajor: major, gitMinor: minor };
  const set = Object.entries(variables).map(([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`);
  return ['-s -w', ...set].join(' ');
}

function numbers(version: string): [number, number, number] {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
  return [major, minor, patch];
}
