import { z } from 'zod/v4';

import { sanitize } from '../../../../core/text/sanitize';
import { hasCode, PipelineError } from '../../../../core/errors';
import { POLICY_KINDS } from '../../../../core/response/policyKinds';
import type { PolicyKind } from '../../../../core/response/policyKinds/policyKind';
import { gap } from '../../../../core/response/gap';
import type { OtherPolicies, Unread } from '../../../../core/response/networkReading';
import type { KubernetesClient } from '../../api/client';
import { apiCall } from '../../api/errors';
import type { Right } from '../../api/rights';
import { responderWatches } from '../../api/watch/watches';
import { type ServedKind, servedKinds } from './servedKinds';
import { ALL_READ, joined, unreadBy } from './unread';

const rightOf = ({ group, plural }: PolicyKind): Right => ({ apiGroup: group, resource: plural, verb: 'list' });

const readable = POLICY_KINDS.filter(({ opens }) => opens !== null);

/** To list the objects of each kind that is understood, in the pod's namespace … */
export const OTHER_POLICY_RIGHTS: readonly Right[] = readable.filter(({ namespaced }) => namespaced).map(rightOf);
/** … and in the whole cluster. */
export const OTHER_POLICY_CLUSTER_RIGHTS: readonly Right[] = readable
  .filter(({ namespaced }) => !namespaced)
  .map(rightOf);

/** Of one kind. What is beyond is named as unread. */
const MOST_POLICIES = 500;

interface KindReading extends Unread {
  kind: ServedKind;
  policies: { kind: ServedKind; object: unknown; name: string }[];
}

/**
 * Reads the network policies of other kinds than Kubernetes' own, as far as the cluster has such kinds. What may not be
 * read, or does not answer, is named; it keeps no isolation from being reported. Never throws for what the API server says.
 */
export async function readOtherPolicies(client: KubernetesClient, namespace: string): Promise<OtherPolicies> {
  const { kinds, ...unknown } = await servedKinds(client);
  const [labels, ...read] = await Promise.all([
    kinds.some(({ namespaced }) => !namespaced) ? namespaceLabels(client, namespace) : null,
    ...kinds.map((kind) => readKind(client, kind, namespace)),
  ]);
  const kept = withoutViews(read);
  return {
    policies: kept.flatMap(({ policies }) => policies),
    namespaceLabels: labels,
    ...joined([unknown, ...kept]),
  };
}

/** Calico's API server shows by one group what is kept in another: where that was read, the view adds nothing. */
const VIEW = { of: 'crd.projectcalico.org', by: 'projectcalico.org' };

function withoutViews(read: readonly KindReading[]): KindReading[] {
  const kept = read.filter(({ kind }) => kind.group === VIEW.of);
  const whole = new Set(
    kept.filter(({ unread, unanswered }) => unread.length + unanswered.length === 0).map(({ kind }) => kind.plural),
  );
  const names = new Set(kept.flatMap(({ policies }) => policies.map(({ kind, name }) => keptName(kind, name))));
  return read.map((each) =>
    each.kind.group === VIEW.by && whole.has(each.kind.plural)
      ? { ...each, ...ALL_READ, policies: each.policies.filter(({ kind, name }) => !names.has(keptName(kind, name))) }
      : each,
  );
}

/** Objects are kept with the name of their tier before their own, which is shown without it for the tier `default`. */
const keptName = ({ plural }: ServedKind, name: string): string => `${plural}/${name.replace(/^default\./, '')}`;

const listSchema = z.object({
  metadata: z.object({ continue: z.string().optional() }).optional(),
  items: z.array(z.looseObject({ metadata: z.object({ name: z.string() }) })),
});

async function readKind(client: KubernetesClient, kind: ServedKind, namespace: string): Promise<KindReading> {
  const { group, version, plural } = kind;
  const what = `${plural}.${group}`;
  const nothing = (text: string): KindReading => ({
    kind,
    policies: [],
    unread: [gap('not-read', text, what)],
    unanswered: [],
  });
  if (kind.opens === null) return nothing(`this cluster has ${what}, which are not read here and may allow traffic`);
  const request = { group, version, plural, limit: MOST_POLICIES };
  try {
    const answer: unknown = await apiCall({ what: `list ${what}`, server: client.server }, () =>
      kind.namespaced
        ? client.custom.listNamespacedCustomObject({ ...request, namespace })
        : client.custom.listClusterCustomObject(request),
    );
    const list = listSchema.safeParse(answer);
    if (!list.success) return nothing(`${what} were not read and may allow traffic: the answer is not a list`);
    const { items, metadata } = list.data;
    return {
      kind,
      policies: items.map((object) => ({ kind, object, name: sanitize(object.metadata.name, 253) })),
      unread: metadata?.continue
        ? [gap('not-read', `of ${what} only the first ${MOST_POLICIES} were read`, `rest of ${what}`)]
        : [],
      unanswered: [],
    };
  } catch (error) {
    // Its definition was taken away since it was discovered.
    if (hasCode(error, 'not_found')) return { kind, policies: [], ...ALL_READ };
    return { kind, policies: [], ...unreadBy(error, `${what} were not read and may allow traffic`) };
  }
}

/** Null where they cannot be read: what goes by them is then not sure. */
async function namespaceLabels(client: KubernetesClient, name: string): Promise<OtherPolicies['namespaceLabels']> {
  const watched = responderWatches(client).namespaces.get(name);
  if (watched !== null) return watched.value.metadata?.labels ?? {};
  try {
    const { metadata } = await apiCall({ what: `read namespace ${name}`, server: client.server }, () =>
      client.core.readNamespace({ name }),
    );
    return metadata?.labels ?? {};
  } catch (error) {
    if (!(error instanceof PipelineError)) throw error;
    return null;
  }
}
