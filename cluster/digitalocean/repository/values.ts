import { parse } from 'yaml';
import { z } from 'zod/v4';
import { readText } from './paths';

export type Values = Record<string, unknown>;

const values = z.record(z.string(), z.unknown());

export const isMap = (value: unknown): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A chart's values as deploy.sh gives them to Helm, by the file's path from the repository's root. */
export const readValues = (path: string): Values => values.parse(parse(readText(path)));

/** As Helm merges values: maps by their keys, all else is replaced, and null takes a key away. */
export function merged(...layers: Values[]): Values {
  return layers.reduce((below, above) => {
    const changed = Object.entries(above).map(([key, value]): [string, unknown] => {
      const old = below[key];
      return [key, isMap(value) ? merged(isMap(old) ? old : {}, value) : value];
    });
    const all = { ...below, ...Object.fromEntries(changed) };
    return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null));
  }, {});
}

/** The value with each text that is a key of `by` replaced; its shape stays. */
export function replaced<T>(value: T, by: Record<string, string>): T;
export function replaced(value: unknown, by: Record<string, string>): unknown {
  if (typeof value === 'string') return by[value] ?? value;
  if (Array.isArray(value)) return value.map((each: unknown) => replaced(each, by));
  if (!isMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, replaced(each, by)]));
}
