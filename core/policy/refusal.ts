/** Why an action must not be done, and the guardrails that refuse it. */
export interface Refusal {
  reason: string;
  guardrails: string[];
}
