import type { Resource } from '@pulumi/pulumi';
import { readKustomization } from '../repository/manifests';
import type { Install } from './install';

/** What everything else stands on: namespaces, the responder’s records, its identity, and the rules of admission. */
export interface Base {
  namespaces: Resource;
  admission: Resource;
}

/**
 * Destroyed in the opposite order, which matters: while the admission policies are there, nobody but a break-glass user
 * may take away the records and the quarantine policy.
 */
export function base(install: Install): Base {
  const definitions = install.objects('definitions', readKustomization('manifests/crds'));
  const namespaces = install.objects('policy', readKustomization('manifests/policy'), [definitions]);
  const admission = install.objects('token', readKustomization('manifests/token'), [namespaces]);
  return { namespaces, admission };
}
