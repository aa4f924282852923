/** "2026-11-26 20:00 UTC" */
export function minutes(time: string): string {
  return `${time.slice(0, 16).replace('T', ' ')} UTC`;
}

/** "2026-11-26 20:00:05", in UTC, for places that say so once. */
export function secondsOf(time: string): string {
  return time.slice(0, 19).replace('T', ' ');
}

/** How often events came, for people: "about 12 per minute", "about 3 per hour"; empty within one minute. */
export function rateOf(count: number, first: string, last: string): string {
  const span = (Date.parse(last) - Date.parse(first)) / 60_000;
  if (count < 2 || !(span >= 1)) return '';
  const perMinute = count / span;
  return perMinute >= 1 ? `about ${rounded(perMinute)} per minute` : `about ${rounded(perMinute * 60)} per hour`;
}

const rounded = (rate: number): string => (rate < 10 ? rate.toFixed(1).replace(/\.0$/, '') : rate.toFixed(0));
