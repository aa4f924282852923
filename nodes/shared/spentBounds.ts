import type { IWebhookFunctions } from 'n8n-workflow';

import type { AdmissionPorts } from '../../app/incidents/admission';
import type { ClusterBound } from '../../core/folding/bounds';
import type { Alert } from '../../core/incident/alert';

type Trust = Alert['trust'];

/** Reports a bound that all incidents together have spent. */
export type Report = (bound: ClusterBound, trust: Trust) => void;

export const HOUR_MS = 3_600_000;

/** What a person has to know of a bound that is spent. */
export function spentMessage(bound: ClusterBound, trust: Trust): string {
  const [what, instead] = EFFECTS[bound];
  return `${what} of ${ALERTS[trust]} are used up (incidents.${bound} in the ResponsePolicy): ${instead}. kubectl get incidents -n n8n shows what used them.`;
}

const EFFECTS: Record<ClusterBound, [what: string, instead: string]> = {
  modelPassesPerClusterHour: ["This hour's analyses by a model", 'the playbook decides on further incidents'],
  notificationsPerClusterHour: [
    "This hour's notifications",
    'further incidents send no message, only Events, Approvals and log lines',
  ],
};

const ALERTS: Record<Trust, string> = { kernel: "Falco's alerts", report: 'reports' };

/** Every alert beyond a bound says that it is spent; a person hears of it once an hour. */
export function onceAnHour(report: Report): AdmissionPorts['spent'] {
  const reported = new Map<string, number>();
  return (bound, { trust }, now) => {
    const hour = Math.floor(now.getTime() / HOUR_MS);
    const key = `${bound} ${trust}`;
    if (reported.get(key) === hour) return;
    reported.set(key, hour);
    report(bound, trust);
  };
}

/** For an n8n without a cluster. */
export function warn(logger: IWebhookFunctions['logger']): Report {
  return (bound, trust) => {
    logger.warn(spentMessage(bound, trust));
  };
}
