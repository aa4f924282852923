import type { z } from 'zod/v4';

import type { Alert } from '../alert/alert';
import { canonical, findObjects, withNested } from './jsonObjects';

export type AnswerReading<T> = { answer: T; problem: null } | { answer: null; problem: string };

/**
 * Takes the one valid answer out of what a model wrote.
 * No answer: an object that is cut off, several valid objects that differ, or one that stands verbatim in the alert,
 * since whoever triggers a rule writes the alert's fields.
 */
export function readAnswer<T>(text: string, schema: z.ZodType<T>, alert: Alert): AnswerReading<T> {
  const found = findObjects(text);
  if (found.problem !== null) return { answer: null, problem: found.problem };
  const objects = found.objects.flatMap(({ value }) => withNested(value));
  if (objects.length === 0) return { answer: null, problem: 'the answer holds no JSON object' };

  const planted = objectsIn(alert);
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
  for (const answer of valid.values()) return { answer, problem: null };
  return { answer: null, problem: quoted ? 'the only valid object is a quotation from the alert' : invalid };
}

/** Every JSON object that stands in one of the alert's texts, in canonical form. */
function objectsIn(alert: Alert): Set<string> {
  const texts = [
    alert.output,
    alert.rule,
    ...alert.tags,
    ...Object.values(alert.infrastructure),
    ...Object.values(alert.fields),
  ];
  const objects = texts
    .filter((text) => typeof text === 'string')
    .flatMap((text) => [text, unescaped(text)])
    .flatMap((text) => findObjects(text).objects)
    .flatMap(({ value }) => withNested(value));
  return new Set(objects.map(canonical));
}

/** A text as it reads after one level of JSON escaping, which is how a JSON object sits inside a quoted argument. */
function unescaped(text: string): string {
  return text.replaceAll('\\"', '"').replaceAll('\\\\', '\\');
}
