/** Falco begins its texts with the time and the priority, which are shown beside the text. */
const PREFIX = /^\d{2}:\d{2}:\d{2}\.\d+: [A-Z][a-z]+ /;

/**
 * Falco's rules write a sentence, then all of their fields. The text before the first `=` contains no field, so it
 * contains no untrusted value.
 */
const SENTENCE = /^([^=|]+) \| [\w.]+=/;

/** The parts of a text of Falco's: all of it without time and priority, its sentence, and the values of its fields. */
export interface FalcoOutput {
  whole: string;
  /** Null where the text is not of the form that Falco's own rules have. */
  sentence: string | null;
  /** Values in the text, without their names. One that contains ` name=` is several. */
  values: string[];
}

/** Reads the text of one of Falco's alerts. */
export function readFalcoOutput(output: string): FalcoOutput {
  const whole = output.replace(PREFIX, '').trim();
  const sentence = SENTENCE.exec(whole)?.[1] ?? null;
  const fields = sentence === null ? '' : whole.slice(sentence.length + ' | '.length);
  return {
    whole,
    sentence,
    values: fields.split(/ (?=[\w.]+=)/).map((field) => field.slice(field.indexOf('=') + 1).trim()),
  };
}
