const NOT_METRICS = new Set(['and', 'or', 'unless', 'bool', 'offset', 'by', 'without', 'on', 'ignoring']);

/** The metrics that a PromQL expression reads. Good for the expressions of this project, which write each by its name. */
export function metricNames(expression: string): string[] {
  const bare = expression
    .replace(/\{[^}]*\}|\[[^\]]*\]|"[^"]*"/g, ' ')
    .replace(/\b(?:by|without|on|ignoring)\s*\([^)]*\)/g, ' ')
    .replace(/\b\d[\w.]*/g, ' ');
  const words = [...bare.matchAll(/\b[a-zA-Z_:][\w:]*(?![\w:]|\s*\()/g)].map(([word]) => word);
  return [...new Set(words.filter((word) => !NOT_METRICS.has(word)))];
}

/** The label values that an expression demands of a metric: `x{a="b"}` as [x, a, b]. */
export function demandedLabels(expression: string): [metric: string, label: string, value: string][] {
  return [...expression.matchAll(/([a-zA-Z_:][\w:]*)\{([^}]*)\}/g)].flatMap(([, metric = '', matchers = '']) =>
    [...matchers.matchAll(/(\w+)\s*=\s*"([^"]*)"/g)].map(([, label = '', value = '']): [string, string, string] => [
      metric,
      label,
      value,
    ]),
  );
}
