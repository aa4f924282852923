import type { Alert, Scalar, Target } from '../incident/alert';
import { subjectText } from '../incident/subject';
import { readFalcoOutput } from '../alert/falcoOutput';
import { shortRelated } from './shortRelated';
import { withoutDefaults } from './withoutDefaults';

/** Fields that only programs read, or that repeat the alert's time, its image and where the workload's code is. */
const FOR_PROGRAMS = [
  /^evt\.(?:time|num|rawtime|datetime|pluginname|plugininfo)/,
  /^container\.(?:id|full_id|image\.(?:id|digest))$/,
  /^(?:hostname|source|engine|receiver|groupKey|generatorURL|endsAt|status|digest|property\.resultID)$/,
  /^(?:label|annotation)\.(?:alertname|severity|prometheus|endpoint|uid|runbook_url)$/,
  /^proc\.exeline$/,
  /^(?:git|pulumi|esc)_/,
];

/** Fields that repeat the target, as far as it has their value. */
const OF_TARGET = /^(?:k8s\.(?:ns\.name|pod\.(?:name|uid|full_uid))|container\.(?:name|image(?:\.repository|\.tag)?))$/;

/** Parts of a connection, of which `fd.name` has both ends. */
const OF_CONNECTION = /^fd\.(?:[lrcs]port|l4proto|proto|type|typechar|num)$/;

/** A value of a report that is as long as this, and is in the report's text, is not repeated. UTF-16 units. */
const LONG = 16;

/**
 * An alert for a model: what may decide, once. Left out: that it is a self-test, which must be decided like any other
 * alert, that it is firing, because resolved alerts are never sent to a model, and what only counts and groups it. All
 * of it is untrusted.
 */
export function shortAlert(alert: Alert): Record<string, unknown> {
  const { id, source, trust, rule, priority, time, target, targetProblem, subject, tags, late, related = [] } = alert;
  const output = shortOutput(alert);
  return withoutDefaults({
    id,
    source,
    trust,
    rule,
    priority,
    time,
    pod: target === null ? null : shortTarget(target),
    ...(target === null ? { noPod: targetProblem, about: subjectText(subject) } : {}),
    tags,
    late,
    output,
    fields: shortFields(alert, output),
    related: shortRelated(related, time),
  });
}

function shortTarget({ namespace, pod, container, image }: Target): Record<string, unknown> {
  return withoutDefaults({ namespace, name: pod, container, image });
}

/** Falco's text without the values that the alert's fields have. What it says beyond them is kept, with all the rest. */
function shortOutput({ source, output, fields }: Pick<Alert, 'source' | 'output' | 'fields'>): string {
  if (source !== 'falco') return output;
  const { whole, sentence, values } = readFalcoOutput(output);
  const known = Object.values(fields).map(String);
  const isRepeated = values.every((value) => value === '<NA>' || known.some((field) => field.includes(value)));
  return sentence !== null && isRepeated ? sentence : whole;
}

function shortFields({ source, fields, target }: Alert, output: string): Record<string, Scalar> {
  const place = target === null ? '' : JSON.stringify(target);
  const isNeeded = ([name, value]: [string, Scalar]): boolean => {
    const text = String(value ?? '');
    if (text === '' || FOR_PROGRAMS.some((pattern) => pattern.test(name))) return false;
    if (OF_TARGET.test(name) && place.includes(text)) return false;
    if (OF_CONNECTION.test(name) && 'fd.name' in fields) return false;
    return source === 'falco' || text.length < LONG || !output.includes(text);
  };
  return Object.fromEntries(Object.entries(fields).filter(isNeeded));
}
