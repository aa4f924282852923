/** A right that a call needs in the namespace it goes to. Each call states its own; manifests/token is held to all of them. */
export interface Right {
  apiGroup: string;
  resource: string;
  verb: 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete';
}
