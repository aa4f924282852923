/**
 * An image's repository in full, without tag and digest: `nginx:1.29` is `docker.io/library/nginx`. A container runtime
 * reports the full form, and a pod's specification may have the short one.
 */
export function repositoryOf(image: string): string {
  const [named = ''] = image.split('@');
  const path = named.replace(/:[^/:]*$/, '');
  const [host = '', ...rest] = path.split('/');
  if (rest.length === 0) return `docker.io/library/${path}`;
  return host === 'localhost' || /[.:]/.test(host) ? path : `docker.io/${path}`;
}
