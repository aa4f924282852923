/** Values of a secret's name that are not secrets: switches, brackets, names of other variables, a command's output. */
export const NO_SECRET =
  /^(?:[\s()<>[\]{}|&;,]*|\*+|true|false|yes|no|on|off|enabled|disabled|null|nil|none|undefined|<na>|arn:[\w:/.@+=*-]+|\$(?:[A-Z_][A-Z0-9_]*|\{[A-Za-z_]\w*\}|\(\w[\w./-]*\)?))$/i;

/** The location of a secret instead of the secret: below a well-known directory, or mounted. */
export const PATH =
  /\/(?:[\w.@~+/-]*(?=:(?:ro|rw)\b|:\w{0,8}:(?:true|false)\b)|(?:var|run|etc|proc|sys|dev|usr|opt|home|root|tmp|mnt|srv|lib|host|rootfs|data|app|config|secrets?|vault|certs?|tls|keys|credentials|tokens?|kube\w{0,32}|workspace)(?:\/[\w.@~+-]*)*(?=[\s\\"':,;)\]}]|$))/y;

/** Whether the value is the location of a secret. */
export function isPath(value: string): boolean {
  PATH.lastIndex = 0;
  return PATH.exec(value)?.[0].length === value.length;
}

/** A word, a number, a port, a version, an object such as Pod/web: a description, not a secret. */
export function isPlain(value: string): boolean {
  return /^(?:[A-Za-z`'"(<[][A-Za-z`'"()<>[\]/.,!?_-]*:?|\d+|\d{1,5}(?:\/[\w./-]*)?:?|v?\d+(?:\.\d+){1,3}(?:-[a-z0-9.]+)*|[A-Z][A-Za-z]+\/[\w.-]+|\/[\w.@~+:/-]*)$/.test(
    value.slice(0, 512),
  );
}

/** Long, of letters and digits, with few repetitions, and not made of words: a generated key. */
export function looksRandom(value: string): boolean {
  const sample = value.slice(0, 256);
  return (
    sample.length >= 16 &&
    /[0-9]/.test(sample) &&
    /[A-Za-z]/.test(sample) &&
    bitsPerCharacter(sample) > 3.3 &&
    !sample.split(/[^A-Za-z0-9]+/).every((part) => /^(?:(?:[A-Z]?[a-z]*|[A-Z]+)\d{0,4}|k8s)$/.test(part))
  );
}

/** A login as in Docker's configuration: user:password in Base64 under the name `auth`. */
export function isLogin(name: string, value: string): boolean {
  if (!/(?:^|[^a-z])auth$/i.test(name) || !/^[A-Za-z0-9+/]{6,512}={0,2}$/.test(value)) return false;
  try {
    return /^[\x20-\x7e]+:[\x20-\x7e]+$/.test(atob(value));
  } catch {
    return false;
  }
}

/** Shannon entropy. */
function bitsPerCharacter(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  return [...counts.values()].reduce((sum, count) => sum - (count / text.length) * Math.log2(count / text.length), 0);
}
