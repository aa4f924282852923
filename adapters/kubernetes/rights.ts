/** A right that a call needs in the namespace it goes to. Each call states its own; manifests/token is held to all of them. */
export interface Right {
  apiGroup: '' | 'apps' | 'batch' | 'networking.k8s.io';
  resource: string;
  verb: 'get' | 'list' | 'create' | 'patch' | 'delete';
}
