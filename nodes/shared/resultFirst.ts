import type { IDataObject } from 'n8n-workflow';

/** What became of an incident, the last step first. */
const RESULTS = ['response', 'decision', 'escalation', 'approval', 'containment', 'analysis'];

/**
 * An item with its results before the alert and everything else: n8n's editor shows keys in their order, and a long alert
 * would push the decision off the screen.
 */
export function resultFirst(made: object): IDataObject {
  const json = { ...made } as IDataObject;
  const first = RESULTS.filter((key) => json[key] !== undefined).map((key) => [key, json[key]] as const);
  return { ...Object.fromEntries(first), ...json };
}
