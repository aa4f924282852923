import { alertmanager } from './alertmanager';
import { falcosidekick } from './falcosidekick';
import { pagerDuty } from './pagerDuty';
import { policyReporter } from './policyReporter';
import { trivy } from './trivy';

/** A new source is a file in this folder and a line here. The first source that recognises a body reads it. */
export const SOURCES = [policyReporter, falcosidekick, alertmanager, trivy, pagerDuty] as const;
