import type { Resource } from '@pulumi/pulumi';
import type { Base } from './kubernetes/base';
import type { Install } from './kubernetes/install';
import { readManifests } from './repository/manifests';
import { readValues } from './repository/values';
import { pinnedChart } from './repository/versions';

/**
 * Trivy Operator looks at images, Kyverno at what is admitted.
 * @param monitoring brings the kinds by which Prometheus finds both
 */
export function scanners(install: Install, { admission }: Base, monitoring: Resource): Resource[] {
  const trivy = install.namespace('trivy-system');
  const scanner = install.chart(
    pinnedChart('trivy-operator', 'TRIVY'),
    'trivy-system',
    [readValues('manifests/trivy/values.yaml')],
    [admission, trivy, monitoring],
  );
  const kyverno = install.namespace('kyverno');
  const engine = install.chart(
    pinnedChart('kyverno', 'KYVERNO'),
    'kyverno',
    [readValues('manifests/kyverno/values.yaml')],
    [admission, kyverno, monitoring],
  );
  const policies = install.ofChart(readManifests('manifests/kyverno/disallow-privileged.yaml'), engine);
  return [scanner, ...policies];
}
