/** A Kubernetes label selector (metav1.LabelSelector). Empty or absent, it selects everything. */
export interface LabelSelector {
  matchLabels?: Record<string, string>;
  matchExpressions?: { key: string; operator: string; values?: string[] }[];
}

/** Whether something holds, as far as it is known. */
export type Certainty = 'yes' | 'no' | 'unsure';

/** The value of a label, undefined where there is none, or null where that is not known. */
export type Lookup = (key: string) => string | undefined | null;

/** Whether a selector selects these labels. An operator that is not known is taken to select: the answer must not be too hopeful. */
export function selects(selector: LabelSelector | undefined, labels: Readonly<Record<string, string>>): boolean {
  return selection(selector, (key) => (Object.hasOwn(labels, key) ? labels[key] : undefined)) !== 'no';
}

/** Whether a selector selects what has these labels. */
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

/** What a condition says of a value that may not be known. */
export function whether(
  value: string | undefined | null,
  condition: (found: string | undefined) => boolean,
): Certainty {
  if (value === null) return 'unsure';
  return condition(value) ? 'yes' : 'no';
}

/** `and` over what may not be known. */
export function all(parts: readonly Certainty[]): Certainty {
  if (parts.includes('no')) return 'no';
  return parts.includes('unsure') ? 'unsure' : 'yes';
}

/** `or` over what may not be known. */
export function any(parts: readonly Certainty[]): Certainty {
  if (parts.includes('yes')) return 'yes';
  return parts.includes('unsure') ? 'unsure' : 'no';
}

export function not(part: Certainty): Certainty {
  if (part === 'unsure') return part;
  return part === 'yes' ? 'no' : 'yes';
}
