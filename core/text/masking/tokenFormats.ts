import { rules } from '@secretlint/secretlint-rule-preset-recommend';
import type { SecretLintSourceCode } from '@secretlint/types';

import type { Span } from './span';

/** Rules of the preset that are not used, each with its reason (13.0.7). */
const LEFT_OUT: Readonly<Record<string, string>> = {
  'filter-comments': 'a text that says "secretlint-disable" would switch all masking off',
  gcp: 'looks at files, and at nothing that stands in a text',
  aws: 'its range ends in the middle of the key; our table of names takes the key whole',
  github: 'tries a thousand lengths at each place of a hostile text; our table takes the same tokens in one go',
  privatekey: 'takes no key that is cut off or encrypted; our table does',
  basicauth: 'takes the whole URL, and no short password; our table takes the password alone',
  'database-connection-string': 'as basicauth',
};

const USED = rules
  .map((rule) => ({ rule, name: rule.meta.id.replace('@secretlint/secretlint-rule-', '') }))
  .filter(({ name }) => !(name in LEFT_OUT))
  .map(({ rule, name }) => ({ rule, kind: `${name} credential` }));

/** What a match of each rule is called. */
export const TOKEN_KINDS: readonly string[] = USED.map(({ kind }) => kind);

let found: Span[] = [];

/**
 * Called as secretlint's own core calls them, but without it: it works in promises, so that no alert could be read in
 * one go, and keeps a profile that grows for as long as a process lives.
 */
const FINDERS = USED.map(({ rule, kind }) =>
  rule.create(
    {
      sharedOptions: {},
      createTranslator: () => (messageId, data) => ({ message: '', messageId: String(messageId), data }),
      report: ({ range: [start, end] }) => found.push({ start, end, kind }),
      ignore: () => undefined,
    },
    {},
  ),
);

/** Tokens and keys that are known by their form alone, whatever stands around them. */
export function findTokens(content: string): Span[] {
  found = [];
  // With a name of its own, since the npm rule takes a text without one for .npmrc and so the rest of each line.
  const source = { content, contentType: 'text', filePath: 'text', ext: '' } as SecretLintSourceCode;
  for (const finder of FINDERS) void finder.file?.(source);
  return found;
}
