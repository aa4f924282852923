import type { Resource } from '@pulumi/pulumi';
import type { Install } from './kubernetes/install';
import { type Manifest, readKustomization } from './repository/manifests';
import { isMap } from './repository/values';
import type { Settings } from './settings/settings';

/** The pods to try things on, and the deployments of two scenarios, which have no pods until they are switched on. */
export function scenarios(
  install: Install,
  { criticalCve, privilegedPod }: Settings['scenarios'],
  after: Resource[],
): void {
  install.objects('playground', readKustomization('manifests/playground'), after);
  const switchedOn = [...(criticalCve ? ['vulnerable-nginx'] : []), ...(privilegedPod ? ['privileged-pod'] : [])];
  const workshop = readKustomization('manifests/workshop')
    .map(alsoScaledByHand)
    .map((manifest) => (switchedOn.includes(manifest.metadata.name) ? withOnePod(manifest) : manifest));
  install.objects('workshop', workshop, after);
}

/** `kubectl scale` makes kubectl the owner of replicas, and the API server would refuse Pulumi's changes to them. */
const alsoScaledByHand = (manifest: Manifest): Manifest => ({
  ...manifest,
  metadata: { ...manifest.metadata, annotations: { 'pulumi.com/patchForce': 'true' } },
});

function withOnePod(manifest: Manifest): Manifest {
  if (manifest.kind !== 'Deployment' || !isMap(manifest.spec)) return manifest;
  return { ...manifest, spec: { ...manifest.spec, replicas: 1 } };
}
