import type { Account, Grouping, Service } from './account.js';
import type { TriggerEvent } from './eventSchema.js';
import type { Incident } from './model.js';

export const settingOf = ({ grouping }: Account, { id }: Service): Grouping | undefined =>
  grouping.find(({ services }) => services.includes(id));

/**
 * The open incident that an alert joins. One that lacks a field joins none, since nothing is equal to nothing.
 * With `aggregate: any` one equal field is enough.
 */
export function joined(setting: Grouping, event: TriggerEvent, open: Incident[], now: Date): Incident | undefined {
  const own = groupOf(setting, event);
  return open.find(({ group, lastAlertAt }) => {
    if (group === null || now.getTime() - lastAlertAt.getTime() > setting.config.time_window * 1000) return false;
    const equal = own.map((value, index) => value !== null && value === group[index]);
    return setting.config.aggregate === 'all' ? equal.every(Boolean) : equal.some(Boolean);
  });
}

/** What later alerts are compared with, field by field. */
export function groupOf({ config: { fields } }: Grouping, { payload }: TriggerEvent): (string | null)[] {
  return fields.map((field) => {
    const value = field.startsWith('custom_details.') ? detail(payload.custom_details, field) : named(payload, field);
    return value === undefined || value === null ? null : JSON.stringify(value);
  });
}

function detail(details: Record<string, unknown> = {}, field: string): unknown {
  return details[field.slice('custom_details.'.length)];
}

function named(payload: TriggerEvent['payload'], field: string): unknown {
  return Object.entries(payload).find(([name]) => name === field)?.[1];
}
