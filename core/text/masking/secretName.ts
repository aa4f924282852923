import { isLogin, isPath, isPlain, looksRandom, NO_SECRET } from './secretValue';

/** A name longer than this is none; only its end is looked at. */
const NAME_LENGTH = 128;

/** Words that make a name one of a secret, wherever they stand in it. Words are joined by "-", in lower case. */
const CERTAIN = [
  'passw(?:or)?d|passphrase|passcode|secret(?!ar|io)|credential',
  // Many tokens are counted, not kept: max_tokens, tokens_total.
  'token(?!s(?:-|$)|iz)',
  '(?:api|access|private|encryption|signing|master|account|shared|storage|auth|routing|integration)-?key',
  'client-key-data|docker-?cfg|docker-?config-?json',
  '(?:^|-)(?:pass|pwd|pw|psk|jwt|otp|pat|bearer)(?:-|$)',
  '(?:db|sql|user|root|admin|redis|rabbit|ftp|smtp|ldap)(?:pass|pwd)(?:-|$)',
  // keytool -storepass, --proxy-keypass
  '(?:store|key|trust|proxy|bind|ssl|tls|http)-?pass(?:-|$)',
  'cli-auth$|(?:^|-)npm-auth$|^auth-?pass$',
].join('|');
const IS_CERTAIN = new RegExp(CERTAIN);
const EACH_CERTAIN = new RegExp(CERTAIN, 'g');

/** Words that may be the name of a secret: the value has to look like one, too. */
const SUSPICIOUS =
  /(?:^|-)(?:key|tokens|auth|session|sid|sig|signature|cookie|licen[cs]e|hmac|salt|seed|ticket|code|creds?)(?:-|$)/;

/** A name that ends so is about a secret: where it is, how long it is valid, what was found of it. */
const ABOUT_WORDS = [
  'names?|refs?|references?|selectors?|files?|paths?|dirs?|url|uri|endpoint|host|types?|kinds?|class|mode|format|method|algorithm',
  'ttl|expiry|expiration|expires|expires-(?:in|at)|seconds|age|duration|timeout|rotation|interval|created(?:-at)?|updated(?:-at)?|date|timestamp',
  'length|len|size|count|limit|max|min|policy|policies|version|enabled|disabled|required|stdin|prompt|hint|strength|complexity|history',
  'providers?|store|managers?|issuer|audiences?|scopes?|mounts?|volumes?|annotation|namespaces?',
  'reviews?|requests?|attempts|failures|errors?|status|reason|decision|results?|found|severity|categor(?:y|ies)|rules?',
  'changed|used|scanning|alerts?|detected|leaked|desc|descriptions?|title|summary|lines?|links?|position|column|fingerprint|thumbprint|(?:key|token|credential)-ids?',
].join('|');
const ABOUT = new RegExp(
  [
    `(?:^|-|(?:secret|token|password|passwd|credential)s?)(?:${ABOUT_WORDS})$`,
    // They hold the names of Secrets: imagePullSecrets, Helm's existingSecret.
    'pull-?secrets?$|existing-?secret$',
    'automount-?service-?account-?token$',
  ].join('|'),
);

/** A name that begins so is a question or a number. */
const ASKING = /^(?:no|ask|prompt|skip|show|num|max|min|total|is)-|(?:^|-)has-/;

/** What the words above have in common. Most names have nothing of it, and are not taken apart. */
const HINT =
  /pass|pwd|pw|psk|jwt|otp|pat|bearer|secret|token|credential|key|docker|auth|session|sid|sig|cookie|licen|hmac|salt|seed|ticket|code|cred/i;

export type Judgement = 'certain' | 'doubtful' | 'suspicious' | 'harmless';

/**
 * Whether what a name holds is a secret: `certain` by the name alone, `suspicious` only if the value looks like one.
 * (`doubtful`, unless the value is plain, is what a name's surroundings make of it: see setting.ts.)
 */
export function judgeName(name: string): Exclude<Judgement, 'doubtful'> {
  if (!HINT.test(name)) return 'harmless';
  const words = wordsOf(name);
  if (ABOUT.test(words) || ASKING.test(words)) return 'harmless';
  if (IS_CERTAIN.test(words)) return 'certain';
  return SUSPICIOUS.test(words) ? 'suspicious' : 'harmless';
}

/** Whether this value of that name is a secret. */
export function looksLikeSecret(name: string, value: string): boolean {
  return isSecretBy(judgeName(name), name, value);
}

/** The same where the name has been judged already. */
export function isSecretBy(judged: Judgement, name: string, value: string): boolean {
  if (judged === 'harmless' || NO_SECRET.test(value) || isPath(value)) return false;
  // The shell's working directories have the name that others give to a password.
  if (/^(?:OLD)?PWD$/.test(name) && /^\/[\w./-]*$/.test(value)) return false;
  if (judged === 'doubtful') return !isPlain(value);
  // How many there are.
  if (/(?:secret|password|credential|token)s$/i.test(name) && /^\d{1,6}$/.test(value)) return false;
  return judged === 'certain' || looksRandom(value) || isLogin(name, value);
}

/** What follows the last word of a secret where the name still says that its value is one: secret-key-base, password-1. */
const TAIL =
  /^s?(?:-(?:values?|val|key|base|hash|text|string|data|base64|b64|plain|plaintext|old|new|current|previous|primary|secondary|prod|production|dev|stage|staging|test|qa|live|default|main|admin|root|user|master|replica|db|database|id|confirmation|confirm|again|seed|salt|phrase|encoded|encrypted|\d+|[a-z]))*$/;

/** How names of policies and their rules begin. */
const VERB =
  /^(?:add|allow|audit|block|check|clone|copy|create|delete|deny|detect|disable|disallow|enable|enforce|ensure|exclude|find|forbid|generate|get|inject|limit|list|mount|mutate|must|prevent|prohibit|read|remove|require|restrict|rotate|search|sync|update|use|validate|verify|watch)s?-/;
const JOINING = /-(?:and|as|by|for|from|in|non|not|of|on|or|the|to|via|with|without)-/;

/**
 * Whether a name before a colon may be that of a Kubernetes object or policy (secrets-not-from-env-vars,
 * exporter-token-x9k3q), not of a setting that holds the secret (db-password): in lower case, its words joined by "-",
 * with the secret not at the end; or more than one secret.
 */
export function mayNameObject(name: string): boolean {
  const words = wordsOf(name);
  if (/(?:secret|password|credential|token)s$/.test(words)) return true;
  if (!/^(?!x-)[a-z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)+$/.test(name)) return false;
  const last = [...words.matchAll(EACH_CERTAIN)].at(-1);
  const end = (last?.index ?? 0) + (last?.[0].replace(/-$/, '').length ?? 0);
  return VERB.test(words) || JOINING.test(words) || !TAIL.test(words.slice(end));
}

/** `DB_Password`, `dbPassword` and `db.password` are all `db-password`. */
function wordsOf(name: string): string {
  return name
    .slice(-NAME_LENGTH)
    .replace(/\[masked: [a-z0-9 -]{1,60}\]/g, '')
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/[^A-Za-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .toLowerCase();
}
