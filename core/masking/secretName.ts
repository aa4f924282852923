/** A name longer than this is none; only its end is looked at. */
const NAME_LENGTH = 128;

/** Words that make a name one of a secret, wherever they stand in it. Words are joined by "-", in lower case. */
const CERTAIN = new RegExp(
  [
    'passw(?:or)?d|passphrase|passcode|secret|credential',
    // Many tokens are counted, not kept: max_tokens, tokens_total.
    'token(?!s(?:-|$)|iz)',
    '(?:api|access|private|encryption|signing|master|account|shared|storage)-?key',
    'client-key-data|docker-?cfg|docker-?config-?json',
    '(?:^|-)(?:pass|pwd|psk|jwt|otp|pat)(?:-|$)',
    '(?:db|sql|user|root|admin|redis|rabbit|ftp|smtp|ldap)(?:pass|pwd)(?:-|$)',
    'cli-auth$|(?:^|-)npm-auth$|^auth-?pass$',
  ].join('|'),
);

/** Words that may be the name of a secret: the value has to look like one, too. */
const SUSPICIOUS =
  /(?:^|-)(?:key|tokens|auth|session|sid|sig|signature|cookie|licen[cs]e|hmac|salt|seed|ticket|code|cred)(?:-|$)/;

/** A name that ends so is about a secret: where it lies, how long it lives, what it is called. */
const ABOUT =
  /-(?:names?|refs?|files?|paths?|dir|url|uri|endpoint|host|types?|kind|ttl|expiry|expiration|expires|expires-(?:in|at)|seconds|age|duration|timeout|length|len|size|count|limit|max|min|policy|version|provider|store|class|mode|enabled|required|stdin|prompt|reviews?|requests?|hint|issuer|audience|mounts?|volumes?|annotation|format|method|algorithm|rotation|(?:key|token)-id)$/;

/** A name that begins so is a question or a number. */
const ASKING = /^(?:no|ask|prompt|skip|num|max|min|total)-/;

/** What a secret's name can hold without it being one: switches, brackets, and the names of other variables. */
const NO_SECRET =
  /^(?:[\s()<>[\]{}|&;,]*|true|false|yes|no|on|off|null|nil|none|undefined|<na>|\$(?:[A-Z_][A-Z0-9_]*|\{[A-Za-z_]\w*\}|\([A-Za-z_]\w*\)))$/i;

/** Whether what a name holds is a secret: `certain` by the name alone, `suspicious` only if the value looks like one. */
export function judgeName(name: string): 'certain' | 'suspicious' | 'harmless' {
  const words = wordsOf(name);
  if (ABOUT.test(words) || ASKING.test(words)) return 'harmless';
  if (CERTAIN.test(words)) return 'certain';
  return SUSPICIOUS.test(words) ? 'suspicious' : 'harmless';
}

/** Whether this value of that name is a secret. */
export function isSecret(name: string, value: string): boolean {
  if (NO_SECRET.test(value)) return false;
  // The shell's working directories have the name that others give to a password.
  if (/^(?:OLD)?PWD$/.test(name) && /^\/[\w./-]*$/.test(value)) return false;
  const judged = judgeName(name);
  return judged === 'certain' || (judged === 'suspicious' && looksRandom(value));
}

/** `DB_Password`, `dbPassword` and `db.password` are all `db-password`. */
function wordsOf(name: string): string {
  return name
    .slice(-NAME_LENGTH)
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/[^A-Za-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .toLowerCase();
}

/** Long, of letters and digits, and with few repetitions: a generated key, not a word. */
function looksRandom(value: string): boolean {
  const sample = value.slice(0, 256);
  return sample.length >= 16 && /[0-9]/.test(sample) && /[A-Za-z]/.test(sample) && bitsPerCharacter(sample) > 3.3;
}

/** Shannon's entropy. */
function bitsPerCharacter(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  return [...counts.values()].reduce((sum, count) => sum - (count / text.length) * Math.log2(count / text.length), 0);
}
