import { JOB } from '../../core/names';

/** What stands in a path as it is. Not `.` and `..`, which are steps in a path however they are written. */
const PLAIN = /^(?!\.{1,2}$)[\w.~-]+$/;

/**
 * The path of a group. Pushgateway takes an encoded slash for a slash, and drops empty parts: any value that is not plain is
 * sent in base64 (its README, "URL").
 */
export function groupPath(labels: { instance: string; store: string }): string {
  return `/metrics/job/${JOB}${part('instance', labels.instance)}${part('store', labels.store)}`;
}

function part(label: string, value: string): string {
  return PLAIN.test(value) ? `/${label}/${value}` : `/${label}@base64/${base64(value)}`;
}

/** An empty value is one padding character. */
function base64(value: string): string {
  return value === '' ? '=' : Buffer.from(value).toString('base64url');
}
