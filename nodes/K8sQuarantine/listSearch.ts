import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';

import { connect, type KubernetesClient } from '../../adapters/kubernetes/api/client';
import { optedInNamespaces, podsOf } from '../../adapters/kubernetes/resources/names';
import { kubernetesIncidents } from '../../adapters/kubernetes/resources/incidents';
import { waitingApprovals } from '../../adapters/kubernetes/resources/approvals';
import { statusOf } from '../../core/incident/incidentRecord';
import { subjectText } from '../../core/incident/subject';
import { summaryOf } from '../../core/response/approvalSummary';
import { toNodeError } from '../shared/errors';
import { readAccess } from '../shared/kubernetesCredential';

interface Found {
  name: string;
  value: string;
}

type Search = (this: ILoadOptionsFunctions, filter?: string) => Promise<INodeListSearchResult>;

/** What n8n's lists of namespaces, pods, approvals and incidents show: those whose name holds what a person typed. */
export const listSearch = {
  searchNamespaces: search(async (client) => (await optedInNamespaces(client)).map(byName)),
  searchPods: search(async (client, context) => {
    const namespace = context.getCurrentNodeParameter('namespace', { extractValue: true });
    return typeof namespace === 'string' && namespace !== '' ? (await podsOf(client, namespace)).map(byName) : [];
  }),
  searchApprovals: search(async (client) =>
    (await waitingApprovals(client)).map(summaryOf).map(({ name, title, rule }) => ({
      name: `${title}: ${rule}`,
      value: name,
    })),
  ),
  searchIncidents: search(async (client) =>
    (await kubernetesIncidents(client).all())
      .toSorted((one, other) => statusOf(other).lastSeen.localeCompare(statusOf(one).lastSeen))
      .map(({ metadata, spec: { rule, subject } }) => ({
        name: `${subjectText({ ...subject, namespace: subject.namespace ?? null })}: ${rule}`,
        value: metadata.name,
      })),
  ),
} satisfies Record<string, Search>;

export type SearchMethod = keyof typeof listSearch;

const byName = (name: string): Found => ({ name, value: name });

function search(list: (client: KubernetesClient, context: ILoadOptionsFunctions) => Promise<Found[]>): Search {
  return async function (filter = '') {
    try {
      const client = await connect(await readAccess(await this.getCredentials('kubernetesResponderApi')));
      const wanted = filter.toLowerCase();
      const all = await list(client, this);
      return { results: all.filter(({ name }) => name.toLowerCase().includes(wanted)) };
    } catch (error) {
      throw toNodeError(this.getNode(), error, 0, undefined);
    }
  };
}
