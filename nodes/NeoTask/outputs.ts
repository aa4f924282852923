/**
 * Neo Task's outputs, in order: there is a task and it needs nobody; a person has to look at the incident; somebody else
 * has the incident's task in hand, or none is wanted.
 */
export const OUTPUTS = ['task', 'person', 'known'] as const;
