/** Why something must not be done, and the guardrails that say so. */
export interface Refusal {
  reason: string;
  guardrails: string[];
}
