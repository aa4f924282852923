import type { z } from 'zod/v4';

import { sanitize } from '../text/sanitize';
import { LONGEST_TEXT } from '../incident/analysis';
import { canonical, findObjects, type FoundObject, type ObjectsFound } from './jsonObjects';
import { isQuoted, searchable } from './quotation';
import { holdsMark } from './reasoning';

type AnswerReading<T> = { answer: T; problem: null } | { answer: null; problem: string };

/**
 * Extracts the one valid answer from a model's text. Reasoning before the answer does not count.
 * There is no answer if an object is cut off or has a duplicate key, if several valid objects differ, if the object is
 * inside of another that answers as well, or if it is a quotation from the model's input, because an attacker in the
 * pod, or anyone who may change the pod, can write much of that input.
 * @param shown everything that the model received as data: alert, context, analysis
 */
export function readAnswer<T>(text: string, schema: z.ZodType<T>, shown: unknown): AnswerReading<T> {
  const data = searchable(shown);
  if (data === null)
    return { answer: null, problem: 'more was shown to the model than can be searched for what it may quote' };
  // A reasoning mark in the data may be quoted, and would then change which text counts.
  const found = findObjects(text, !holdsMark(data));
  if (found.problem !== null) return { answer: null, problem: PROBLEMS[found.problem] };
  if (found.objects.length === 0) return { answer: null, problem: 'the answer holds no JSON object' };

  const valid = new Map<string, T>();
  let invalid = '';
  let quoted = false;
  for (const object of found.objects) {
    const result = schema.safeParse(object.value);
    if (!result.success)
      invalid ||= result.error.issues
        .map((issue) => `${issue.path.join('.') || 'object'}: ${issue.message}`)
        .join('; ');
    else if (isQuoted(object.value, data)) quoted = true;
    else if (isAlternative(object))
      return { answer: null, problem: 'the only valid object is inside of another that has keys of an answer' };
    else valid.set(canonical(result.data), result.data);
  }
  if (valid.size > 1) return { answer: null, problem: 'the answer holds several valid objects that differ' };
  for (const answer of valid.values()) return { answer: presented(answer), problem: null };
  return {
    answer: null,
    problem: quoted ? 'the only valid object is a quotation from what the model was shown' : invalid,
  };
}

/** Whether it is inside of an object with one of its keys: {"decision": …, "alternative": {"decision": …}}. */
function isAlternative({ value, outer }: FoundObject): boolean {
  for (let around = outer; around !== null; around = around.outer)
    if (Object.keys(value).some((key) => Object.hasOwn(around.value, key))) return true;
  return false;
}

/** A model's text is shown and logged like the alert's text, and may repeat any of it. */
function presented<T>(answer: T): T {
  return JSON.parse(JSON.stringify(answer), (_key, value: unknown) =>
    typeof value === 'string' ? sanitize(value.replace(/[\t\n\r]+/g, ' '), LONGEST_TEXT).slice(0, LONGEST_TEXT) : value,
  ) as T;
}

const PROBLEMS: Readonly<Record<NonNullable<ObjectsFound['problem']>, string>> = {
  cut_off: 'the answer holds an object that is cut off',
  duplicate_key: 'the answer holds an object with a key that occurs twice',
  too_deep: 'the answer is nested deeper than an answer can be',
  too_long: 'the answer is longer than an answer can be',
  too_many_braces: 'the answer holds too many braces to read',
  reasoning: 'the answer holds reasoning that does not end',
  mark: 'the answer holds a mark of reasoning that may be quoted from what the model was shown',
};
