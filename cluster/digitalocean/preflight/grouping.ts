import { z } from 'zod/v4';
import type { Problem } from '../settings/problems';
import type { Ask } from './ask';

/** PagerDuty names none for grouping by content; its plans have these and that together. */
const ABILITIES = ['preview_intelligent_alert_grouping', 'time_based_alert_grouping'];

const shape = z.object({ abilities: z.array(z.string()) });

/** Whether the account's plan can group alerts, where they are to be grouped. */
export async function groupingProblems(pagerDuty: Ask, hasAlertGrouping: boolean): Promise<Problem[]> {
  if (!hasAlertGrouping) return [];
  const answer = await pagerDuty('/abilities', shape);
  if (typeof answer === 'string' || ABILITIES.some((each) => answer.found.abilities.includes(each))) return [];
  const what =
    'is true, and the plan of this PagerDuty account has no alert grouping. With false each alert is an incident.';
  return [{ key: 'alert-grouping', what }];
}
