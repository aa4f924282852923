import { FURTHER_ROWS } from './further';
import { REPORT_ROWS } from './reports';
import { tableOf } from './row';
import { STABLE_ROWS } from './stable';

/** The playbook for Falco's rules, and for the rules of all other sources. */
export const FALCO_TABLE = tableOf(STABLE_ROWS, FURTHER_ROWS);
export const REPORT_TABLE = tableOf(REPORT_ROWS);
