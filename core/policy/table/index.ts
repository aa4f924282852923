import type { Alert } from '../../incident/alert';
import { FURTHER_ROWS } from './further';
import { REPORT_ROWS } from './reports';
import { tableOf } from './row';
import { STABLE_ROWS } from './stable';

/** The playbook for Falco's rules, and for the rules of all other sources. */
export const FALCO_TABLE = tableOf(STABLE_ROWS, FURTHER_ROWS);
export const REPORT_TABLE = tableOf(REPORT_ROWS);

/** Whether what the ServiceAccount of an alert's pod may do decides. */
export function usesRights({ source, rule }: Pick<Alert, 'source' | 'rule'>): boolean {
  return source === 'falco' && FALCO_TABLE.get(rule)?.some(([, { rights }]) => rights !== undefined) === true;
}
