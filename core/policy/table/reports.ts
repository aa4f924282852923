import { type PlaybookEntry, record, review } from './entry';
import type { Row } from './row';

/** Rules of sources other than Falco. Tenants can write their content, so no row acts. */
export const REPORT_ROWS: readonly Row[] = [
  [
    'PodMemoryExhaustion',
    {},
    review(
      'A container is near its memory limit: a leak, a limit that is too low, or a program that does not belong there, such as a miner. Its memory shows which, and is lost after a restart.',
    ),
  ],
  [
    'PodCPUThrottling',
    {},
    review(
      'A container wants more CPU than its limit: a limit that is too low, load, or a program that does not belong there, such as a miner. Look at what runs in it before raising the limit.',
    ),
  ],
  [
    'CriticalVulnerabilityDetected',
    {},
    review(
      'An image has a critical vulnerability. The report does not say whether it can be exploited there, or was: the fix is another image, not the deletion of a pod.',
    ),
  ],
  [
    'ExposedSecretDetected',
    {},
    review(
      'An image contains a secret. Everyone who may pull the image has the secret: replace it first, then build the image without it.',
    ),
  ],
  [
    'PolicyViolationDetected',
    {},
    review(
      'An object violates a policy. Most violations are configuration mistakes, but some gave an attack its permissions: check who created the object, and when.',
    ),
  ],
  [
    'PagerDuty incident',
    {},
    review(
      "PagerDuty opened an incident. Its webhook does not say what it is about: see the incident's alerts in PagerDuty.",
    ),
  ],
];

/** Reports below a warning, by the severity that the policy's author gave it. */
export const MINOR_REPORTS: ReadonlyMap<string, PlaybookEntry> = new Map([
  [
    'PolicyViolationDetected',
    record("An object violates a policy of low severity: its author's mistake to mend, and no attack by itself."),
  ],
]);
