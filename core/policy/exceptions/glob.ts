/**
 * Whether a whole text matches a pattern in which `*` stands for any characters and `?` for one. It costs at most the
 * product of both lengths, whatever they are: the text is an attacker's.
 */
export function matchesGlob(pattern: string, text: string): boolean {
  let [at, from] = [0, 0];
  // Where the last star is, and where the text after what it stands for begins.
  let [star, resume] = [-1, 0];
  while (from < text.length) {
    const expected = pattern[at];
    if (expected === '*') {
      star = at;
      resume = from;
      at += 1;
    } else if (expected === '?' || expected === text[from]) {
      at += 1;
      from += 1;
    } else if (star === -1) return false;
    else {
      at = star + 1;
      resume += 1;
      from = resume;
    }
  }
  while (pattern[at] === '*') at += 1;
  return at === pattern.length;
}
