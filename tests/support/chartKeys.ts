import { loadYaml } from '@kubernetes/client-node';

/** A YAML map, as values files are. */
export type Values = Record<string, unknown>;

/**
 * The keys of a chart's default values, dotted, one for each leaf. A leaf that ends in `.*` takes anything below it. A dot
 * within a key is escaped, as for `helm --set`.
 */
export interface ChartKeys {
  chart: string;
  version: string;
  keys: string[];
}

/** Maps whose keys are the user's, whatever the chart puts into them. */
const FREE = /(?:labels|annotations|nodeSelector|grafana\.ini)$/i;

export function readValues(yaml: string): Values {
  return loadYaml<Values>(yaml);
}

export function isMap(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The leaves of some values: with `.*` what is left empty, is a list, or has keys of the user's own. */
export function keysOf(values: Values, above: readonly string[] = []): string[] {
  return Object.entries(values).flatMap(([key, value]) => {
    const path = [...above, key.replaceAll('.', '\\.')];
    if (isMap(value) && Object.keys(value).length > 0 && !FREE.test(key)) return keysOf(value, path);
    return [typeof value === 'object' ? `${path.join('.')}.*` : path.join('.')];
  });
}

/** Which leaves of our values no chart has a place for. */
export function unknownKeys(ours: Values, charts: readonly (readonly string[])[]): string[] {
  const known = new Set(charts.flat());
  return keysOf(ours).filter((leaf) => {
    const key = leaf.replace(/\.\*$/, '');
    const parts = key.split(/(?<!\\)\./);
    const openAbove = parts.some((_part, end) => known.has(`${parts.slice(0, end + 1).join('.')}.*`));
    // An empty map, or null, takes away what the chart has there.
    const emptied = leaf !== key && [...known].some((other) => other.startsWith(`${key}.`));
    return !known.has(key) && !openAbove && !emptied;
  });
}
