/** A Kubernetes label selector (metav1.LabelSelector). An empty or absent selector selects everything. */
export interface LabelSelector {
  matchLabels?: Record<string, string>;
  matchExpressions?: { key: string; operator: string; values?: string[] }[];
}

/** Whether a statement is true, as far as that is known. */
export type Certainty = 'yes' | 'no' | 'unsure';

/** The value of a label, undefined if the label is absent, or null if that is unknown. */
export type Lookup = (key: string) => string | undefined | null;

/**
 * Whether a selector selects these labels. An unknown operator counts as selecting: the answer must err on the safe
 * side.
 */
export function selects(selector: LabelSelector | undefined, labels: Readonly<Record<string, string>>): boolean {
  return selection(selector, (key) => (Object.hasOwn(labels, key) ? labels[key] : undefined)) !== 'no';
}

/** Whether a selector selects an object with these labels. */
export function selection(selector: LabelSelector | undefined, value: Lookup): Certainty {
  return all([
    ...Object.entries(selector?.matchLabels ?? {}).map(([key, wanted]) =>
      whether(value(key), (found) => found === wanted),
    ),
    ...(selector?.matchExpressions ?? []).map((expression) => holds(expression, value)),
  ]);
}

function holds(
  { key, operator, values = [] }: { key: string; operator: string; values?: string[] },
  value: Lookup,
): Certainty {
  switch (operator) {
    case 'In':
      return whether(value(key), (found) => found !== undefined && values.includes(found));
    case 'NotIn':
      return whether(value(key), (found) => found === undefined || !values.includes(found));
    case 'Exists':
      return whether(value(key), (found) => found !== undefined);
    case 'DoesNotExist':
      return whether(value(key), (found) => found === undefined);
    default:
      return 'unsure';
  }
}

/** The result of a condition on a value that may be unknown. */
export function whether(
  value: string | undefined | null,
  condition: (found: string | undefined) => boolean,
): Certainty {
  if (value === null) return 'unsure';
  return condition(value) ? 'yes' : 'no';
}

/** Logical `and` with unknown parts. */
export function all(parts: readonly Certainty[]): Certainty {
  if (parts.includes('no')) return 'no';
  return parts.includes('unsure') ? 'unsure' : 'yes';
}

/** Logical `or` with unknown parts. */
export function any(parts: readonly Certainty[]): Certainty {
  if (parts.includes('yes')) return 'yes';
  return parts.includes('unsure') ? 'unsure' : 'no';
}

export function not(part: Certainty): Certainty {
  if (part === 'unsure') return part;
  return part === 'yes' ? 'no' : 'yes';
}
