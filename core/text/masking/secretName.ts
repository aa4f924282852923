import { isLogin, isPath, isPlain, looksRandom, NO_SECRET } from './secretValue';

/** A longer text is not a name; only its end is checked. */
const NAME_LENGTH = 128;

/** Words that always make a name the name of a secret, at any position. Words are in lower case and joined by "-". */
const CERTAIN = [
  'passw(?:or)?d|passphrase|passcode|secret(?!ar|io)|credential',
  // Tokens are often counted instead of stored: max_tokens, tokens_total.
  'token(?!s(?:-|$)|iz)',
  '(?:api|access|private|encryption|signing|master|account|shared|storage|auth|routing|integration)-?key',
  'client-key-data|docker-?cfg|docker-?config-?json',
  '(?:^|-)(?:pass|pwd|pw|psk|jwt|otp|pat|bearer)(?:-|$)',
  '(?:db|sql|user|root|admin|redis|rabbit|ftp|smtp|ldap)(?:pass|pwd)(?:-|$)',
  // keytool -storepass, --proxy-keypass, SSHPASS
  '(?:store|key|trust|proxy|bind|ssl|tls|http|ssh)-?pass(?:-|$)',
  'cli-auth$|(?:^|-)npm-auth$|^auth-?pass$',
].join('|');
const IS_CERTAIN = new RegExp(CERTAIN);
const EACH_CERTAIN = new RegExp(CERTAIN, 'g');

/** Words that may name a secret: the value must look like a secret, too. */
const SUSPICIOUS =
  /(?:^|-)(?:key|tokens|auth|session|sid|sig|signature|cookie|licen[cs]e|hmac|salt|seed|ticket|code|creds?)(?:-|$)/;

/** A name with this ending describes a secret: its location, its lifetime, what was found of it. */
const ABOUT_WORDS = [
  'names?|refs?|references?|selectors?|files?|paths?|dirs?|url|uri|endpoint|host|types?|kinds?|class|mode|format|method|algorithm',
  'ttl|expiry|expiration|expires|expires-(?:in|at)|seconds|age|duration|timeout|rotation|interval|created(?:-at)?|updated(?:-at)?|date|timestamp',
  'length|len|size|count|limit|max|min|policy|policies|version|enabled|disabled|required|stdin|prompt|hint|strength|complexity|history',
  'providers?|store|managers?|issuer|audiences?|scopes?|mounts?|volumes?|annotation|namespaces?',
  'state|locations?|authors?|commits?|urls',
  'reviews?|requests?|attempts|failures|errors?|status|reason|decision|results?|found|severity|categor(?:y|ies)|rules?',
  'changed|used|scanning|alerts?|detected|leaked|desc|descriptions?|title|summary|lines?|links?|position|column|fingerprint|thumbprint|(?:key|token|credential)-ids?',
].join('|');
const ABOUT = new RegExp(
  [
    `(?:^|-|(?:secret|token|password|passwd|credential)s?)(?:${ABOUT_WORDS})$`,
    'access-?keyids?$',
    // They hold the names of Secrets: imagePullSecrets, Helm's existingSecret.
    'pull-?secrets?$|existing-?secret$',
    'automount-?service-?account-?token$',
  ].join('|'),
);

/** A name with this beginning is a question or a number. */
const ASKING = /^(?:no|ask|prompt|skip|show|num|max|min|total|is)-|(?:^|-)has-/;

/** A part that all words above contain. Most names contain none of these and are not split into words. */
const HINT =
  /pass|pwd|pw|psk|jwt|otp|pat|bearer|secret|token|credential|key|docker|auth|session|sid|sig|cookie|licen|hmac|salt|seed|ticket|code|cred/i;

export type Judgement = 'certain' | 'doubtful' | 'suspicious' | 'harmless';

/**
 * Whether a name's value is a secret: `certain` by the name alone, `suspicious` only if the value looks like a secret.
 * (`doubtful`, a secret unless the value is plain, depends on the name's context: see setting.ts.)
 */
export function judgeName(name: string): Exclude<Judgement, 'doubtful'> {
  if (!HINT.test(name)) return 'harmless';
  const words = wordsOf(name);
  if (ABOUT.test(words) || ASKING.test(words)) return 'harmless';
  // The name of a secret in AWS (secretsmanager). Vault's secret_id is one, and generated.
  if (/[sS]ecretId\W?$/.test(name)) return 'suspicious';
  if (IS_CERTAIN.test(words)) return 'certain';
  return SUSPICIOUS.test(words) ? 'suspicious' : 'harmless';
}

/** Whether this value of this name is a secret. */
export function looksLikeSecret(name: string, value: string): boolean {
  return isSecretBy(judgeName(name), name, value);
}

/** The same for a name that has already been judged. */
export function isSecretBy(judged: Judgement, name: string, value: string): boolean {
  if (judged === 'harmless' || NO_SECRET.test(value) || isPath(value)) return false;
  // The shell's working directories share a name that others use for a password.
  if (/^(?:OLD)?PWD$/.test(name) && /^\/[\w./-]*$/.test(value)) return false;
  if (judged === 'doubtful') return !isPlain(value);
  // A number of secrets, not a secret.
  if (/(?:secret|password|credential|token)s$/i.test(name) && /^\d{1,6}$/.test(value)) return false;
  return judged === 'certain' || looksRandom(value) || isLogin(name, value);
}

/** Endings after the last word for a secret that keep the name that of a secret: secret-key-base, password-1. */
const TAIL =
  /^s?(?:-(?:values?|val|key|base|hash|text|string|data|base64|b64|plain|plaintext|old|new|current|previous|primary|secondary|prod|production|dev|stage|staging|test|qa|live|default|main|admin|root|user|master|replica|db|database|id|confirmation|confirm|again|seed|salt|phrase|encoded|encrypted|\d+|[a-z]))*$/;

/** How the names of policies and their rules begin. */
const VERB =
  /^(?:add|allow|audit|block|check|clone|copy|create|delete|deny|detect|disable|disallow|enable|enforce|ensure|exclude|find|forbid|generate|get|inject|limit|list|mount|mutate|must|prevent|prohibit|read|remove|require|restrict|rotate|search|sync|update|use|validate|verify|watch)s?-/;
const JOINING = /-(?:and|as|by|for|from|in|non|not|of|on|or|the|to|via|with|without)-/;

/**
 * Whether a name before a colon may be the name of a Kubernetes object or policy (secrets-not-from-env-vars,
 * exporter-token-x9k3q) instead of a setting with a secret (db-password): in lower case, words joined by "-", and
 * either the word for a secret is not at the end, or there are several.
 */
export function mayNameObject(name: string): boolean {
  const words = wordsOf(name);
  if (/(?:secret|password|credential|token)s$/.test(words)) return true;
  if (!/^(?!x-)[a-z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)+$/.test(name)) return false;
  const last = [...words.matchAll(EACH_CERTAIN)].at(-1);
  const end = (last?.index ?? 0) + (last?.[0].replace(/-$/, '').length ?? 0);
  return VERB.test(words) || JOINING.test(words) || !TAIL.test(words.slice(end));
}

/** `DB_Password`, `dbPassword` and `db.password` all become `db-password`. */
function wordsOf(name: string): string {
  return name
    .slice(-NAME_LENGTH)
    .replace(/\[masked: [a-z0-9 -]{1,60}\]/g, '')
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/[^A-Za-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .toLowerCase();
}
