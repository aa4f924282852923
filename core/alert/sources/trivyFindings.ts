import { z } from 'zod/v4';

const vulnerability = z.object({
  vulnerabilityID: z.string(),
  severity: z.string(),
  resource: z.string().nullish(),
  installedVersion: z.string().nullish(),
  fixedVersion: z.string().nullish(),
});

/** `match` is not read: it quotes the line that the secret stands in. */
const secret = z.object({
  ruleID: z.string(),
  severity: z.string(),
  target: z.string().nullish(),
});

/** What the reports that can become alerts hold. */
export const findingsSchema = z.object({
  updateTimestamp: z.string().nullish(),
  registry: z.object({ server: z.string().nullish() }).nullish(),
  artifact: z
    .object({ repository: z.string().nullish(), tag: z.string().nullish(), digest: z.string().nullish() })
    .nullish(),
  summary: z.record(z.string(), z.unknown()).nullish(),
  vulnerabilities: z.array(vulnerability).nullish(),
  secrets: z.array(secret).nullish(),
});

interface Finding {
  /** The same in the next report of the same thing. */
  id: string;
  text: string;
}

export interface Findings {
  rule: string;
  /** What counts as serious, for people. */
  threshold: string;
  /** The severity of the worst, as Trivy writes it. */
  worst: string;
  serious: Finding[];
}

/** The findings that somebody has to look at, or null for a report of another kind. */
export function findingsOf({ vulnerabilities, secrets }: z.infer<typeof findingsSchema>): Findings | null {
  // Go writes an empty list as null.
  if (vulnerabilities !== undefined) {
    // High ones are in most images: a person who is told of each looks at none.
    const serious = (vulnerabilities ?? []).filter(({ severity }) => severity === 'CRITICAL');
    return {
      rule: 'CriticalVulnerabilityDetected',
      threshold: 'critical vulnerabilities',
      worst: 'CRITICAL',
      serious: serious.map(({ vulnerabilityID, resource, installedVersion, fixedVersion }) => ({
        id: `${vulnerabilityID} ${resource ?? ''}`.trim(),
        text: `${vulnerabilityID} in ${resource ?? 'an unnamed package'} ${installedVersion ?? ''}, ${fixedVersion ? `fixed in ${fixedVersion}` : 'not fixed yet'}`,
      })),
    };
  }
  if (secrets !== undefined) {
    const serious = (secrets ?? []).filter(({ severity }) => severity === 'CRITICAL' || severity === 'HIGH');
    return {
      rule: 'ExposedSecretDetected',
      threshold: 'critical or high secrets',
      worst: serious.some(({ severity }) => severity === 'CRITICAL') ? 'CRITICAL' : 'HIGH',
      serious: serious.map(({ ruleID, target }) => ({
        id: `${ruleID} ${target ?? ''}`.trim(),
        text: `${ruleID} in ${target ?? 'an unnamed file'}`,
      })),
    };
  }
  return null;
}
