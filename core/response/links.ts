import { FORM_PATHS, JOB } from '../names';
import type { Execution } from './approval';

/** A link that the page shows. Its address is made of the administrator's settings and of ids, never taken from an alert. */
export interface Link {
  text: string;
  url: string;
}

/** An address of the administrator's, without its last slashes; null when it is not one that a page may link to. */
export function baseUrl(address: string | undefined): string | null {
  if (address === undefined || !URL.canParse(address)) return null;
  const { protocol, username, password, origin, pathname } = new URL(address);
  if ((protocol !== 'https:' && protocol !== 'http:') || username !== '' || password !== '') return null;
  return `${origin}${pathname}`.replace(/\/+$/, '');
}

/** Where n8n's editor shows an execution. */
export function executionLink(n8n: string | null, execution: Execution | undefined, text: string): Link[] {
  if (n8n === null || execution === undefined) return [];
  const { workflow, id } = execution;
  return [{ text, url: `${n8n}/workflow/${encodeURIComponent(workflow)}/executions/${encodeURIComponent(id)}` }];
}

/** Where a person gets the report of an incident, by the name of its Incident object. */
export function reportLink(n8n: string | null, incident: string | undefined): Link[] {
  if (n8n === null || incident === undefined) return [];
  return [{ text: 'Report', url: `${n8n}/form/${FORM_PATHS.report}?incident=${encodeURIComponent(incident)}` }];
}

/** Where a person decides on what waits. */
export function approvalsLink(n8n: string | null): Link[] {
  return n8n === null ? [] : [{ text: 'Incidents that wait', url: `${n8n}/form/${FORM_PATHS.approvals}` }];
}

/** Loki's query for the lines of an incident. */
export function linesOf(incident: string): string {
  return `{job=${JSON.stringify(JOB)}} | incident_id=${JSON.stringify(incident)}`;
}

/** Where Grafana shows an incident's log lines since a time. */
export function logLink(
  links: { grafanaUrl?: string | undefined; lokiDatasource?: string | undefined } | undefined,
  incident: string,
  since: string,
): Link[] {
  const grafana = baseUrl(links?.grafanaUrl);
  if (grafana === null) return [];
  const uid = links?.lokiDatasource ?? 'loki';
  const expr = linesOf(incident);
  const pane = {
    datasource: uid,
    queries: [{ refId: 'A', datasource: { type: 'loki', uid }, expr, queryType: 'range' }],
    range: { from: String(Date.parse(since) - 3_600_000), to: 'now' },
  };
  const query = new URLSearchParams({ schemaVersion: '1', panes: JSON.stringify({ incident: pane }) });
  return [{ text: 'Log lines', url: `${grafana}/explore?${query.toString()}` }];
}
