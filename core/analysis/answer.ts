import type { z } from 'zod/v4';

import type { Alert } from '../alert/alert';
import { presentable } from '../alert/text';
import { LONGEST_TEXT } from './analysis';
import { canonical, findObjects, type ObjectsFound, withNested } from './jsonObjects';

export type AnswerReading<T> = { answer: T; problem: null } | { answer: null; problem: string };

/**
 * Takes the one valid answer out of what a model wrote.
 * No answer: an object that is cut off, several valid objects that differ, or one that stands verbatim in the alert,
 * since whoever triggers a rule writes the alert's fields.
 */
export function readAnswer<T>(text: string, schema: z.ZodType<T>, alert: Alert): AnswerReading<T> {
  const found = findObjects(text);
  if (found.problem !== null) return { answer: null, problem: PROBLEMS[found.problem] };
  const objects = found.objects.flatMap((object) => withNested(object));
  if (objects.length === 0) return { answer: null, problem: 'the answer holds no JSON object' };

  const planted = objectsIn(alert);
  if (planted === null) return { answer: null, problem: 'the alert cannot be searched for what the answer may quote' };
  const valid = new Map<string, T>();
  let invalid = '';
  let quoted = false;
  for (const object of objects) {
    const key = canonical(object);
    const result = schema.safeParse(object);
    if (!result.success)
      invalid ||= result.error.issues
        .map((issue) => `${issue.path.join('.') || 'object'}: ${issue.message}`)
        .join('; ');
    else if (planted.has(key)) quoted = true;
    else valid.set(canonical(result.data), result.data);
  }
  if (valid.size > 1) return { answer: null, problem: 'the answer holds several valid objects that differ' };
  for (const answer of valid.values()) return { answer: presented(answer), problem: null };
  return { answer: null, problem: quoted ? 'the only valid object is a quotation from the alert' : invalid };
}

/** What a model writes is shown and logged like what the alert says, and may repeat anything. */
function presented<T>(answer: T): T {
  return JSON.parse(JSON.stringify(answer), (_key, value: unknown) =>
    typeof value === 'string'
      ? presentable(value.replace(/[\t\n\r]+/g, ' '), LONGEST_TEXT).slice(0, LONGEST_TEXT)
      : value,
  ) as T;
}

const PROBLEMS: Readonly<Record<NonNullable<ObjectsFound['problem']>, string>> = {
  cut_off: 'the answer holds an object that is cut off',
  too_long: 'the answer is longer than an answer can be',
  too_many_braces: 'the answer holds too many braces to read',
};

/**
 * Every JSON object that stands in one of the alert's texts, in canonical form; null when a text hides what it holds.
 * A brace that is never closed hides nothing: what comes after it is found all the same.
 */
function objectsIn(alert: Alert): Set<string> | null {
  const texts = [
    alert.output,
    alert.rule,
    ...alert.tags,
    ...Object.values(alert.infrastructure),
    ...Object.values(alert.fields),
  ];
  const found = texts
    .filter((text) => typeof text === 'string')
    .flatMap((text) => [text, unescaped(text)])
    .map(findObjects);
  if (found.some(({ problem }) => problem === 'too_long' || problem === 'too_many_braces')) return null;
  return new Set(found.flatMap(({ objects }) => objects.flatMap((object) => withNested(object))).map(canonical));
}

/** A text as it reads after one level of JSON escaping, which is how a JSON object sits inside a quoted argument. */
function unescaped(text: string): string {
  return text.replaceAll('\\"', '"').replaceAll('\\\\', '\\');
}
