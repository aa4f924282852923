/** "41 s", "5 min 2 s". */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** "about 40 s", "about 6 min": no more exact than an expectation can be. */
export function about(seconds: number): string {
  return seconds < 60
    ? `about ${Math.max(10, Math.ceil(seconds / 10) * 10)} s`
    : `about ${Math.round(seconds / 60)} min`;
}

/** How long a step has run, and how long it may still take. */
export function progress(elapsed: number, expected: number | undefined): string {
  if (expected === undefined) return duration(elapsed);
  const left = expected - elapsed;
  return `${duration(elapsed)}, ${left > 0 ? `${about(left)} left` : `longer than the expected ${duration(expected)}`}`;
}
