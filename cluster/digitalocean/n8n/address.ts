/** Of the trigger that PagerDuty posts to: n8n's prefix, and core/names.ts. */
export const WEBHOOK_PATH = '/webhook/pagerduty';

export const webhookUrl = (hostname: string): string => `https://${hostname}${WEBHOOK_PATH}`;
