import type { Related } from '../incident/incidentLink';

/** Related incidents of one rule, counted. */
interface ShortRelated {
  rule: string;
  priority: string;
  /** Whether they are about the alert's own workload or pod, or others of its namespace. */
  about: 'the same workload' | 'others in the namespace';
  incidents: number;
  /** Alerts of all of them. */
  alerts: number;
  /** Since the last of these alerts, at the time of the alert. */
  minutesAgo: number;
  /** What was decided about any of them. */
  decided?: string[];
}

/** Related incidents for a model, those of one rule together. */
export function shortRelated(related: readonly Related[], time: string): ShortRelated[] {
  const groups = new Map<string, [Related, ...Related[]]>();
  for (const one of related) {
    const key = `${one.sameSubject ? 'same' : 'other'} ${one.rule}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  return [...groups.values()].map((group) => summarised(group, time));
}

function summarised(group: readonly [Related, ...Related[]], time: string): ShortRelated {
  const [{ rule, priority, sameSubject }] = group;
  const last = Math.max(...group.map(({ lastSeen }) => Date.parse(lastSeen)));
  const decided = [...new Set(group.flatMap(({ decision }) => decision ?? []))];
  return {
    rule,
    priority,
    about: sameSubject ? 'the same workload' : 'others in the namespace',
    incidents: group.length,
    alerts: group.reduce((sum, { count }) => sum + count, 0),
    minutesAgo: Math.max(0, Math.round((Date.parse(time) - last) / 60_000)),
    ...(decided.length === 0 ? {} : { decided }),
  };
}
