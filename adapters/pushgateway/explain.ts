import type { WrongAnswer } from '../http/service';

/** What to do about an answer of Pushgateway's own; null for those that any server may give. */
export function explainPushgateway(group: string) {
  return ({ status, text, page, path }: WrongAnswer): string | null => {
    if (page !== null) return null;
    if (status === 404 || status === 405)
      return `This is no Pushgateway 1.x, which has ${path}; Prometheus answers so, too. Set the URL in the Pushgateway credential to Pushgateway's own address, with its --web.route-prefix if it has one.`;
    if (status === 400 && /inconsistent/i.test(text))
      return `Another group holds a metric of that name with another type or help, or from an older version: find it on Pushgateway's page, and delete the group that is not needed any more (curl -X DELETE and its path, as ${group} is this one's).`;
    if (status === 400 && /timestamp/i.test(text))
      return 'Something between n8n and Pushgateway adds times to metrics: set the URL in the Pushgateway credential to the address behind it.';
    if (status === 400 && /odd number of components|improper label|job name/i.test(text))
      return `Something between n8n and Pushgateway rewrites the path ${group}: set the URL in the Pushgateway credential to the address behind it.`;
    return null;
  };
}
