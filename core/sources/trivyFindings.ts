import { z } from 'zod/v4';

import { anyRecord, isRecord } from './limits';

/** Serious findings of one report that are read; no image has more. The others are only counted. */
const MOST_FINDINGS = 2000;

/** The only part read of most findings. A report can have hundreds of thousands. */
type Rated = Readonly<Record<string, unknown>> & { severity: string };

const rated = z.custom<readonly Rated[]>(
  (said) => Array.isArray(said) && said.every((finding) => isRecord(finding) && typeof finding.severity === 'string'),
  'expected a list of findings, each with its severity',
);

const vulnerability = z.object({
  vulnerabilityID: z.string(),
  resource: z.string().nullish(),
  installedVersion: z.string().nullish(),
  fixedVersion: z.string().nullish(),
});

/** `match` is not read: it quotes the line that contains the secret. */
const secret = z.object({
  ruleID: z.string(),
  target: z.string().nullish(),
});

/** The content of the reports that can become alerts. */
export const findingsSchema = z.object({
  updateTimestamp: z.string().nullish(),
  registry: z.object({ server: z.string().nullish() }).nullish(),
  artifact: z
    .object({ repository: z.string().nullish(), tag: z.string().nullish(), digest: z.string().nullish() })
    .nullish(),
  summary: anyRecord.nullish(),
  vulnerabilities: rated.nullish(),
  secrets: rated.nullish(),
});

export interface Findings {
  rule: string;
  /** What counts as serious, for people. */
  threshold: string;
  /** The severity of the worst, as Trivy writes it. */
  worst: string;
  /** How many are serious. */
  count: number;
  /** Of those that were read, what is the same in the next report of the same thing. */
  ids: string[];
  texts: string[];
}

/**
 * The findings that somebody has to look at, or null for a report of another kind.
 * @throws zod's error for one that is not as Trivy writes it
 */
export function findingsOf({ vulnerabilities, secrets }: z.infer<typeof findingsSchema>): Findings | null {
  // Go writes an empty list as null.
  if (vulnerabilities !== undefined) {
    // Most images have high ones: a person who is notified about each of them looks at none.
    const serious = (vulnerabilities ?? []).filter(({ severity }) => severity === 'CRITICAL');
    const read = z.array(vulnerability).parse(serious.slice(0, MOST_FINDINGS));
    return {
      rule: 'CriticalVulnerabilityDetected',
      threshold: 'critical vulnerabilities',
      worst: 'CRITICAL',
      count: serious.length,
      ids: read.map(({ vulnerabilityID, resource }) => `${vulnerabilityID} ${resource ?? ''}`.trim()),
      texts: read.map(
        ({ vulnerabilityID, resource, installedVersion, fixedVersion }) =>
          `${vulnerabilityID} in ${resource ?? 'an unnamed package'} ${installedVersion ?? ''}, ${fixedVersion ? `fixed in ${fixedVersion}` : 'not fixed yet'}`,
      ),
    };
  }
  if (secrets !== undefined) {
    const serious = (secrets ?? []).filter(({ severity }) => severity === 'CRITICAL' || severity === 'HIGH');
    const read = z.array(secret).parse(serious.slice(0, MOST_FINDINGS));
    return {
      rule: 'ExposedSecretDetected',
      threshold: 'critical or high secrets',
      worst: serious.some(({ severity }) => severity === 'CRITICAL') ? 'CRITICAL' : 'HIGH',
      count: serious.length,
      ids: read.map(({ ruleID, target }) => `${ruleID} ${target ?? ''}`.trim()),
      texts: read.map(({ ruleID, target }) => `${ruleID} in ${target ?? 'an unnamed file'}`),
    };
  }
  return null;
}
