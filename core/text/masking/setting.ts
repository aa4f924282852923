import { type Judgement, judgeName, mayNameObject } from './secretName';
import { PATH } from './secretValue';

/** A name and the separator before its value, as a rule's `lead` finds them. */
interface Setting {
  text: string;
  /** The index where the name begins. */
  start: number;
  name: string;
  /** The index where the value begins. */
  at: number;
}

/** Words that never come before or after a password in a setting, but that every sentence contains. */
const JOINING =
  'an?|the|is|are|was|were|be|been|has|have|had|must|should|may|can|cannot|could|will|not|no|of|to|for|from|in|on|by|with|without|at|that|which';

/** `Secrets must be mounted as volumes`: how the text after the name of a rule or an error continues. */
export const SENTENCE = new RegExp(
  String.raw`[A-Z\`][A-Za-z\`]*(?:-[a-z]+)?(?: [\w\`"'/.-]{1,32},?){0,4}? (?:${JOINING})(?=[ .,]|$)`,
  'y',
);
/** `token: cannot use …`, `secret: Forbidden: …`: how error messages continue, those of the Kubernetes API included. */
export const ERROR =
  /(?:(?:Duplicate|Invalid|Required|Unsupported) value(?=[:,;\s]|$)|(?:Forbidden|Not found|Too long|Too many)(?=:|$)|(?:an?|authentication|cannot|can't|connection|context|could|couldn't|denied|error|expected|expired|failed|failure|forbidden|found|has|invalid|is|malformed|missing|must|no|not|permission|pods?|request|rpc|secrets?|serviceaccounts?|should|the|timed|timeout|unable|unauthorized|unexpected|unknown|was)(?= [\w"'(/])|[a-z]{2,16} (?:is|was|are|were|has|must|cannot|could|not)\b)/y;
/** `serviceAccountToken: {path: token}`: the values inside have names of their own. */
export const MAPPING = /\[?\{[\w.-]{1,64}: /y;

/** How certainly a value is a secret, given the context of its name. */
export function judgeSetting({ text, start, name, at }: Setting): Judgement {
  const judged = judgeName(name);
  const joint = text.slice(start + name.length, at);
  // An existing mask is not a name: [masked: password]: …
  if (joint.startsWith(']') && /\[masked: [a-z0-9 -]{0,40}$/.test(text.slice(Math.max(0, start - 49), start)))
    return 'harmless';
  if (judged !== 'certain' || !joint.trimEnd().endsWith(':')) return judged;
  const spaced = /\s$/.test(joint);
  if (!/["'\\]/.test(text.charAt(at))) {
    // Kubernetes' own messages: MountVolume.SetUp failed for volume "db-password" : secret "db" not found
    if (/^["'\\]{1,5}[ \t]/.test(joint)) return 'harmless';
    if (begins(MAPPING, text, at) || (spaced && (begins(SENTENCE, text, at) || begins(ERROR, text, at))))
      return 'harmless';
  }
  // The name of a Secret in AWS: arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME
  if (/arn:[\w-]{2,12}:secretsmanager:[\w-]{0,24}:\d{0,12}:$/.test(text.slice(Math.max(0, start - 80), start)))
    return 'harmless';
  // The end of a path, an image or policy/rule: …/exporter-token:/var/run, acme/token-service:v1
  if (/[^\s"'=,(]\//.test(text.slice(Math.max(0, start - 2), start))) return spaced ? 'doubtful' : 'harmless';
  return mayNameObject(name) ? 'doubtful' : 'certain';
}

/** The end of a path that begins at an index, or null: the name of a mount, a file or a directory is not a secret. */
export function pathEnd(text: string, at: number): number | null {
  const quoted = /["']/.test(text.charAt(at)) ? 1 : 0;
  PATH.lastIndex = at + quoted;
  const path = PATH.exec(text);
  return path === null ? null : PATH.lastIndex;
}

/** The text after the name of a Secret in the outputs of Falco's audit log rules: `secret=db ns=shop`. */
export const OBJECT = /[ ,](?:ns|namespace|resource)=/y;
/** docker build --secret id=token,src=/run/token */
export const SOURCE = /(?:id|type|source|src|name)=/y;
/** Commands whose option is the name of a secret that they read or write. */
const BY_NAME: ReadonlyMap<string, RegExp> = new Map([
  ['secret', /\bgcloud [^|;&]*\bsecrets [^|;&]*$/],
  ['secret-id', /\bsecretsmanager [^|;&]*$/],
]);
/** Characters before an option in which its command is looked for. */
const NEAR = 160;

/** Whether `secret` and others name an object instead of containing a secret. */
export function namesObject(text: string, name: string, value: { start: number; end: number }): boolean {
  if (BY_NAME.get(name.replace(/^-+/, ''))?.test(text.slice(Math.max(0, value.start - NEAR), value.start)) === true)
    return true;
  return name === 'secret' && (begins(OBJECT, text, value.end) || begins(SOURCE, text, value.start));
}

function begins(what: RegExp, text: string, at: number): boolean {
  what.lastIndex = at;
  return what.test(text);
}
