import { all, any, type Certainty, type Lookup, not, whether } from '../selector';

/** Longer or deeper selectors are not evaluated. */
const LIMITS = { characters: 4096, depth: 32 };

const TOKEN = /\s*(?:(&&|\|\||==|!=|[!(){},])|"([^"]*)"|'([^']*)'|([A-Za-z0-9_./-]+))/y;

type Token = { symbol: string } | { text: string } | { word: string };

class Unreadable extends Error {}

/**
 * Whether a selector in Calico's language (docs.tigera.io, "Selectors") selects an object with these labels. A selector
 * that is too long, too deep or not understood gives `unsure`.
 */
export function calicoSelection(selector: string, value: Lookup): Certainty {
  if (selector.trim() === '') return 'yes';
  if (selector.length > LIMITS.characters) return 'unsure';
  try {
    const parser = new Parser(tokens(selector), value);
    return parser.whole();
  } catch (error) {
    if (error instanceof Unreadable) return 'unsure';
    throw error;
  }
}

function tokens(selector: string): Token[] {
  const found: Token[] = [];
  const text = selector.trimEnd();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const match = TOKEN.exec(text);
    if (match === null) throw new Unreadable();
    const [, symbol, double, single, word] = match;
    if (symbol !== undefined) found.push({ symbol });
    else if (word !== undefined) found.push({ word });
    else found.push({ text: double ?? single ?? '' });
  }
  return found;
}

/** expression = term ("||" term)…, term = factor ("&&" factor)…, factor = "!" factor | "(" expression ")" | condition. */
class Parser {
  private at = 0;
  private depth = 0;

  constructor(
    private readonly list: readonly Token[],
    private readonly value: Lookup,
  ) {}

  whole(): Certainty {
    const result = this.expression();
    if (this.at < this.list.length) throw new Unreadable();
    return result;
  }

  private expression(): Certainty {
    if (++this.depth > LIMITS.depth) throw new Unreadable();
    const terms = [this.term()];
    while (this.takes('||')) terms.push(this.term());
    this.depth -= 1;
    return any(terms);
  }

  private term(): Certainty {
    const factors = [this.factor()];
    while (this.takes('&&')) factors.push(this.factor());
    return all(factors);
  }

  private factor(): Certainty {
    let negated = false;
    while (this.takes('!')) negated = !negated;
    const result = this.takes('(') ? this.closed() : this.condition();
    return negated ? not(result) : result;
  }

  private closed(): Certainty {
    const result = this.expression();
    this.expect(')');
    return result;
  }

  private condition(): Certainty {
    const key = this.word();
    if (this.takes('(')) return this.call(key);
    const value = this.value(key);
    if (this.takes('==')) return equal(value, this.text());
    if (this.takes('!=')) return not(equal(value, this.text()));
    switch (this.word()) {
      case 'in':
        return isIn(value, this.set());
      case 'not':
        if (this.word() !== 'in') throw new Unreadable();
        return not(isIn(value, this.set()));
      case 'contains':
        return compare(value, this.text(), (found, part) => found.includes(part));
      case 'starts':
        this.expectWord('with');
        return compare(value, this.text(), (found, part) => found.startsWith(part));
      case 'ends':
        this.expectWord('with');
        return compare(value, this.text(), (found, part) => found.endsWith(part));
      default:
        throw new Unreadable();
    }
  }

  private call(name: string): Certainty {
    if (name === 'all') {
      this.expect(')');
      return 'yes';
    }
    // global() selects objects without a namespace, such as hosts.
    if (name === 'global') {
      this.expect(')');
      return 'no';
    }
    if (name !== 'has') throw new Unreadable();
    const value = this.value(this.word());
    this.expect(')');
    return whether(value, (found) => found !== undefined);
  }

  private set(): string[] {
    this.expect('{');
    const members: string[] = [];
    while (!this.takes('}')) {
      if (members.length > 0) this.expect(',');
      members.push(this.text());
    }
    return members;
  }

  private takes(symbol: string): boolean {
    const token = this.list[this.at];
    if (token === undefined || !('symbol' in token) || token.symbol !== symbol) return false;
    this.at += 1;
    return true;
  }

  private expect(symbol: string): void {
    if (!this.takes(symbol)) throw new Unreadable();
  }

  private expectWord(word: string): void {
    if (this.word() !== word) throw new Unreadable();
  }

  private word(): string {
    const token = this.list[this.at++];
    if (token === undefined || !('word' in token)) throw new Unreadable();
    return token.word;
  }

  private text(): string {
    const token = this.list[this.at++];
    if (token === undefined || !('text' in token)) throw new Unreadable();
    return token.text;
  }
}

const equal = (value: string | undefined | null, wanted: string) => whether(value, (found) => found === wanted);

const isIn = (value: string | undefined | null, set: readonly string[]) =>
  whether(value, (found) => found !== undefined && set.includes(found));

const compare = (value: string | undefined | null, part: string, holds: (found: string, part: string) => boolean) =>
  whether(value, (found) => found !== undefined && holds(found, part));
