import type { CUSTOM_RESOURCES } from '../../core/names';

/** A right that a call needs in the namespace it goes to. Each call states its own; manifests/token is held to all of them. */
export interface Right {
  apiGroup: '' | 'apps' | 'batch' | 'networking.k8s.io' | typeof CUSTOM_RESOURCES.group;
  resource: string;
  verb: 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete';
}
