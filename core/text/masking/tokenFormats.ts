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

/** The kind of each rule's match. */
export const TOKEN_KINDS: readonly string[] = USED.map(({ kind }) => kind);

let found: Span[] = [];

/**
 * Called as secretlint's own core calls them, but without that core: it uses promises, so that an alert could not be
 * read synchronously, and keeps a profile that grows for the process's lifetime.
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

/** Tokens and keys that are recognised by their format alone, in any context. */
export function findTokens(content: string): Span[] {
  found = [];
  // With a file name, because the npm rule treats a text without one as .npmrc and would match the rest of each line.
  const source = { content, contentType: 'text', filePath: 'text', ext: '' } as SecretLintSourceCode;
  for (const finder of FINDERS) void finder.file?.(source);
  return found;
}
