import { findArguments } from './commandArguments';
import { COMMAND_KIND, findOptions } from './commandOptions';
import { findPlaces, PLACE_KINDS } from './places';
import { findProviderTokens, PROVIDER_KINDS } from './providerTokens';
import { queryCommand } from './queryCommand';
import type { Span } from './span';
import { findTokens, TOKEN_KINDS } from './tokenFormats';

/** In order of precedence: where two matches overlap, the first one's kind is shown. */
export const KINDS: readonly string[] = [...TOKEN_KINDS, ...PROVIDER_KINDS, ...PLACE_KINDS, COMMAND_KIND];

/** Invisible characters, which can split a secret. Line breaks and tabs are visible, and end a secret. */
const UNSEEN = /(?![\t\n\v\f\r])[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/u;

/** The positions of the secrets in a text, in no particular order; they may overlap. */
export function findSecrets(text: string): Span[] {
  return [...find(text), ...findSplit(text)];
}

function find(text: string): Span[] {
  return [...findPlain(text), ...findInQuery(text)];
}

function findPlain(text: string): Span[] {
  return [
    ...findTokens(text),
    ...findProviderTokens(text),
    ...findPlaces(text),
    ...findOptions(text),
    ...findArguments(text),
  ];
}

/** Secrets that are only complete after invisible characters are removed. */
function findSplit(text: string): Span[] {
  if (!UNSEEN.test(text)) return [];
  const places: number[] = [];
  let seen = '';
  let index = 0;
  for (const character of text) {
    if (!UNSEEN.test(character)) {
      seen += character;
      for (let unit = 0; unit < character.length; unit++) places.push(index + unit);
    }
    index += character.length;
  }
  return find(seen).map(({ start, end, kind }) => ({
    start: places[start] ?? text.length,
    end: (places[end - 1] ?? text.length - 1) + 1,
    kind,
  }));
}

/** Secrets in the arguments of a command that a URL's query has. */
function findInQuery(text: string): Span[] {
  const command = queryCommand(text);
  if (command === null) return [];
  return findPlain(command.text).map(({ start, end, kind }) => ({
    start: command.starts[start] ?? text.length,
    end: command.ends[end - 1] ?? text.length,
    kind,
  }));
}
