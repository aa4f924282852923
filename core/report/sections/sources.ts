import { approvalsLink, executionLink, logLink } from '../../response/links';
import { definitions, element, EMPTY, type Html, joined, links, list } from '../html';
import type { Story } from '../story';

/** Where the report's contents are from, what could not be read, and where a person finds more. */
export function sourcesSection(
  { record, status, approvals, links: found, log, problems }: Story,
  n8n: string | null,
): Html {
  const waits = approvals.some((approval) => approval.status.state === undefined);
  const more = [
    ...(waits ? approvalsLink(n8n) : []),
    ...logLink(found, status.incident, status.firstSeen),
    ...approvals.flatMap(({ spec, metadata }) =>
      executionLink(n8n, spec.execution, `Execution in n8n (${metadata.name})`),
    ),
  ];
  return joined([
    element('h2', 'Where this is from'),
    definitions([
      ['Incident', record.metadata.name],
      ['Id', status.incident],
      [
        'Loki',
        log === null ? 'Not read: what was handled without a person has no analysis here.' : `${log.length} lines`,
      ],
      ...(approvals.length === 0
        ? []
        : [['Approvals', approvals.map(({ metadata }) => metadata.name).join(', ')] as const]),
      ...(more.length === 0 ? [] : [['More', links(more)] as const]),
    ]),
    problems.length === 0 ? EMPTY : joined([element('p', 'Not everything could be read:'), list('ul', problems)]),
  ]);
}
