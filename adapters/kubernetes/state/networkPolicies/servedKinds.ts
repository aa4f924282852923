import type { Unread } from '../../../../core/response/networkReading';
import { POLICY_GROUPS, POLICY_KINDS } from '../../../../core/response/policyKinds';
import type { PolicyKind } from '../../../../core/response/policyKinds/policyKind';
import type { KubernetesClient } from '../../api/client';
import { apiCall } from '../../api/errors';
import { ALL_READ, joined, unreadBy } from './unread';

/** A kind that the API server has, and the version to read it by. */
export interface ServedKind extends PolicyKind {
  version: string;
}

interface ServedKinds extends Unread {
  kinds: ServedKind[];
}

/** New kinds come with a network plugin, which nobody installs from one minute to the next. */
const KEPT_MS = 5 * 60_000;

/** Versions of one group that are looked at. */
const MOST_VERSIONS = 6;

const known = new WeakMap<KubernetesClient, { at: number; served: Promise<ServedKinds> }>();

/**
 * Which kinds of network policy beside Kubernetes' own the API server has. Discovery is everybody's right
 * (system:discovery), and is asked for again after five minutes. Never throws for what the API server says.
 */
export function servedKinds(client: KubernetesClient): Promise<ServedKinds> {
  // Without watches nothing is kept between calls.
  if (!client.watch) return discover(client);
  const now = performance.now();
  const kept = known.get(client);
  if (kept !== undefined && now - kept.at < KEPT_MS) return kept.served;
  const served = discover(client);
  known.set(client, { at: now, served });
  void served.then(({ unread, unanswered }) => {
    if (unread.length + unanswered.length > 0) known.delete(client);
  });
  return served;
}

async function discover(client: KubernetesClient): Promise<ServedKinds> {
  try {
    const { groups } = await apiCall({ what: 'list the API groups', server: client.server }, () =>
      client.apis.getAPIVersions(),
    );
    const found = await Promise.all(
      groups
        .filter(({ name }) => POLICY_GROUPS.has(name))
        .map(({ name, versions }) =>
          kindsOf(
            client,
            name,
            versions.map(({ version }) => version),
          ),
        ),
    );
    return { kinds: found.flatMap(({ kinds }) => kinds), ...joined(found) };
  } catch (error) {
    return { kinds: [], ...unreadBy(error, 'which other kinds of network policy there are was not found out') };
  }
}

async function kindsOf(client: KubernetesClient, group: string, versions: string[]): Promise<ServedKinds> {
  const kinds = new Map<string, ServedKind>();
  const found = (unknown: Unread): ServedKinds => ({ kinds: [...kinds.values()], ...unknown });
  try {
    for (const version of versions.slice(0, MOST_VERSIONS)) {
      const { resources } = await apiCall(
        { what: `list the resources of ${group}/${version}`, server: client.server },
        () => client.custom.getAPIResources({ group, version }),
      );
      const plurals = new Set(resources.map(({ name }) => name));
      for (const kind of POLICY_KINDS)
        if (kind.group === group && plurals.has(kind.plural) && !kinds.has(kind.plural))
          kinds.set(kind.plural, { ...kind, version });
    }
    return found(ALL_READ);
  } catch (error) {
    return found(unreadBy(error, `network policies of ${group} were not read and may allow traffic`));
  }
}
