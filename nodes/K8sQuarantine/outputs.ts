/** K8s Quarantine's outputs, in order: what needs nobody, and what a person has to see. */
export const OUTPUTS = ['done', 'escalate'] as const;
