import type { Resource } from '@pulumi/pulumi';
import { readKustomization } from '../repository/manifests';
import type { Install } from './install';

/** The base for everything else: namespaces, the responder's records, its identity, and the rules of admission. */
export interface Base {
  namespaces: Resource;
  admission: Resource;
}

/**
 * Destroyed in the opposite order, which matters: while the admission policies exist, only a break-glass user
 * may delete the records and the quarantine NetworkPolicy.
 */
export function base(install: Install): Base {
  const definitions = install.objects('definitions', readKustomization('manifests/crds'));
  const namespaces = install.objects('policy', readKustomization('manifests/policy'), [definitions]);
  const admission = install.objects('token', readKustomization('manifests/token'), [namespaces]);
  return { namespaces, admission };
}
