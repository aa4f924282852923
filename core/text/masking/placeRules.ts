import type { PlaceRule } from './placeRule';
import { URLS } from './urlRules';

const QUOTE = String.raw`(?:\\{0,4}["'])`;
const MASKED = String.raw`\[masked: [a-z0-9 -]{1,60}\]`;
/**
 * A delimiter belongs to the value unless another setting, a space or a quote follows, because passwords contain
 * delimiters. A comma also ends the value before a path, as in a list of mounts.
 */
const UNQUOTED = String.raw`(?:${MASKED}|[^\s"'${'`'}&;,|\\]|\\(?!["'])|[&;|](?!["']|\s|$|[\w.-]{1,64}=)|,(?!["'/]|\s|$|[\w.-]{1,64}[=:]))+`;
const QUOTED = [
  String.raw`\\{1,8}["']((?:[^"'\\\r\n]|\\(?!["'\\]))+)`,
  String.raw`"((?:[^"\\\r\n]|\\.)+)`,
  String.raw`'([^'\r\n]+)`,
].join('|');

/** A value as shells, JSON, YAML and URLs write it, including its opening quote. */
export const VALUE = new RegExp(`${QUOTED}|(${UNQUOTED})`, 'y');
const QUOTED_VALUE = new RegExp(QUOTED, 'y');
/** At least as long as generated keys; only a value that looks like one is masked. */
export const SHORT_VALUE = new RegExp(String.raw`${QUOTE}?([\w+/.~%:-]{8,256}={0,2})`, 'y');

export const PLACES: readonly PlaceRule[] = [
  {
    // If it is never closed, it continues as long as the following text may be part of it.
    kind: 'private key',
    lead: /(?=-----BEGIN )/g,
    value:
      /(-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----(?:[A-Za-z0-9+/=\s\\:,.]|-(?!----))*(?:-----END [A-Z0-9 ]{0,60}-----)?)/y,
  },
  {
    kind: 'json web token',
    lead: /(?<![\w-])(?=eyJ)/g,
    value: /(eyJ[\w-]{8,}\.[\w-]{4,}(?:\.[\w-]*){0,3})/y,
  },
  ...URLS,
  {
    kind: 'authorization',
    lead: new RegExp(
      String.raw`(?<!\w)authorization${QUOTE}?[ \t]{0,8}[:=][ \t]{0,8}${QUOTE}?(?:(?:bearer|basic|token|digest|negotiate|ntlm|api-?key|key|oauth|hmac|hawk|splunk|ssws|geniekey|bot|aws4-hmac-sha256)[ \t]{1,8})?`,
      'gi',
    ),
    value: /((?:[^\s"'\\,;]|[,;](?!["']|\s|$))+)/y,
  },
  { kind: 'authorization', lead: /(?<![\w-])bearer[ \t]{1,8}/gi, value: /([\w.~+/=-]{16,})/y },
  {
    kind: 'cookie',
    lead: new RegExp(String.raw`(?<![\w-])(?:set-)?cookie${QUOTE}?[ \t]{0,8}:[ \t]{0,8}${QUOTE}?`, 'gi'),
    value: /([^\s"'\\]+(?:(?<=;)[ \t][^\s"'\\]+)*)/y,
  },
  {
    kind: 'password hash',
    lead: /(?<![\w$])\$(?:[1567y]|2[abxy]|gy|apr1|argon2(?:id|[id])|scrypt)\$/g,
    value: /([^\s:"'\\,;]{8,})/y,
  },
  {
    // IDENTIFIED BY '…', PASSWORD '…'
    kind: 'password',
    lead: /(?<!\w)(?:identified\s{1,8}by(?:\s{1,8}password)?|password)\s{1,8}(?=\\{0,4}["'])/gi,
    value: QUOTED_VALUE,
  },
  {
    // aws configure set aws_secret_access_key …; requirepass …; npm config set //registry/:_authToken …
    kind: 'secret',
    lead: /(?<![\w.-])(?:requirepass|masterauth|aws_secret_access_key|aws_session_token|_authToken)\s{1,8}/gi,
    value: VALUE,
  },
  {
    // .netrc
    kind: 'password',
    lead: /(?<!\w)machine\s{1,8}\S{1,256}\s{1,8}login\s{1,8}\S{1,128}\s{1,8}password\s{1,8}/g,
    value: VALUE,
  },
  {
    // skopeo --src-creds user:password
    kind: 'password',
    lead: /(?<![\w-])--(?:src-|dest-)?creds?(?:=|\s{1,8})["']?[^\s:"'/]{1,128}:/g,
    value: VALUE,
  },
  {
    // The secret key next to an AWS access key id, as tools print and accept the two
    kind: 'aws secret key',
    lead: /(?<![A-Z0-9])A[KS]IA[A-Z0-9]{16}["']?[\s:,;|/]{1,8}["']?(?:\d{4}-\d\d-\d\dT[\d:.]{8,15}(?:Z|\+00:00)[\s,]{1,8})?/g,
    value: /([A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])/y,
  },
  {
    // NAME=value, name: value, "name":"value", name => value, environment[NAME]=value
    kind: 'secret',
    named: 'setting',
    lead: new RegExp(
      String.raw`(?<![\w.-])(?<name>[\w.-]+)(?:${QUOTE}|\])?[ \t]{0,8}(?:=>|:=|=(?!=)|:(?!\/\/))[ \t]{0,8}`,
      'g',
    ),
    value: VALUE,
  },
  {
    // <name>value</name>
    kind: 'secret',
    named: 'option',
    lead: /<(?<name>[\w.-]{1,64})>(?=[^<>\s])/g,
    value: /([^<>\r\n]{1,512})(?=<\/)/y,
  },
  {
    // --name value, also as two elements of a list in JSON or YAML
    kind: 'secret',
    named: 'option',
    lead: new RegExp(
      String.raw`(?<![\w.-])--?(?<name>[A-Za-z][\w.-]+)${QUOTE}?(?:,\s{0,64}|\s{1,64}(?:-\s{1,4})?)(?!-)`,
      'g',
    ),
    value: VALUE,
  },
  {
    // An entry of a container's environment in JSON or YAML
    kind: 'secret',
    named: 'option',
    lead: new RegExp(
      String.raw`(?<![\w.-])name${QUOTE}?\s{0,8}:\s{0,8}${QUOTE}?(?<name>[\w.-]+)${QUOTE}?[\s,]{1,64}${QUOTE}?value${QUOTE}?\s{0,8}:\s{0,8}`,
      'g',
    ),
    value: VALUE,
  },
];
