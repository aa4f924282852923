/** A way by which traffic may still reach or leave an isolated pod, or the pod escape. */
export interface Gap {
  /** Identifies the gap whatever its wording: two readings that find the same gap have the same key. */
  key: string;
  /** A clause for people. */
  text: string;
}

/** Of a key in the custom resource Quarantine. */
const LONGEST_KEY = 400;

/**
 * A containment gap.
 * @param kind the kind of gap
 * @param which what distinguishes two gaps of that kind, such as a policy's name
 */
export function gap(kind: string, text: string, which = ''): Gap {
  return { key: (which === '' ? kind : `${kind}/${which}`).slice(0, LONGEST_KEY), text };
}

/** The gaps without those that an earlier one equals. */
export function distinct(gaps: readonly Gap[]): Gap[] {
  return [...new Map(gaps.toReversed().map((each) => [each.key, each])).values()].toReversed();
}

/** Whether two lists name the same gaps, in any order. */
export function sameGaps(one: readonly Gap[], other: readonly Gap[]): boolean {
  const keysOf = (gaps: readonly Gap[]): string => JSON.stringify(gaps.map(({ key }) => key).sort());
  return keysOf(one) === keysOf(other);
}

/** The gaps in words. */
export function textsOf(gaps: readonly Gap[]): string[] {
  return gaps.map(({ text }) => text);
}
