import type { Access, Cluster } from './ports';

/** Reads who the responder is for the API server. A token that ends soon leaves an Event, once per token. */
export async function checkAccess(cluster: Pick<Cluster, 'checkAccess' | 'recordOnce'>, now: Date): Promise<Access> {
  const access = await cluster.checkAccess(now);
  if (access.warning !== null) {
    const name = `token-ends-${String(Date.parse(access.tokenExpires ?? ''))}`;
    await cluster.recordOnce({ reason: 'TokenEndsSoon', name, message: access.warning }, now);
  }
  return access;
}
