import fc from 'fast-check';

import { parseRepository, pullRequestIn } from '../../core/remediation/repository';

const OWN = 'https://github.com/acme/shop/pull/1';
const found = (text: string, repository = 'github.com/acme/shop') => {
  const parsed = parseRepository(repository);
  if (parsed === null) throw new Error(`${repository} is no repository`);
  return pullRequestIn(text, parsed);
};

describe("what is no pull request of the task's repository does not count", () => {
  test.each([
    ['no link', 'I opened acme/shop#1.'],
    ['another repository', 'https://github.com/acme/other/pull/1'],
    ['another owner', 'https://github.com/evil/shop/pull/1'],
    ['another host', 'https://github.com.evil.test/acme/shop/pull/1'],
    ['another host behind a user', 'https://github.com@evil.test/acme/shop/pull/1'],
    ['the host as a user and password', 'https://github.com:443@evil.test/acme/shop/pull/1'],
    ['a user', 'https://evil@github.com/acme/shop/pull/1'],
    ['a password alone', 'https://:evil@github.com/acme/shop/pull/1'],
    ['another port', 'https://github.com:8443/acme/shop/pull/1'],
    ['plain http', 'http://github.com/acme/shop/pull/1'],
    ['a name that begins alike', 'https://github.com/acme/shop-evil/pull/1'],
    ['an owner that ends alike', 'https://github.com/x/acme/shop/pull/1'],
    ['a path that climbs', 'https://github.com/acme/shop/../evil/pull/1'],
    ['an encoded path that climbs', 'https://github.com/acme/shop/%2e%2e/evil/pull/1'],
    ['a backslash', 'https://github.com/acme/shop\\..\\evil/pull/1'],
    ['no number', 'https://github.com/acme/shop/pull/new'],
    ['a number that is none', 'https://github.com/acme/shop/pull/1evil'],
    ['a branch', 'https://github.com/acme/shop/tree/incident/1'],
    ['an issue', 'https://github.com/acme/shop/issues/1'],
    ['a page of it', `${OWN}/files`],
    ['it in a query', `https://evil.test/?to=${OWN.replace('https://', '')}`],
    ['letters that look like others', 'https://gіthub.com/acme/shop/pull/1'],
    ['a dot of another script', 'https://github.com。evil.test/acme/shop/pull/1'],
  ])('%s: %s', (_what, text) => {
    expect(found(text)).toBeNull();
  });
});

test.each([
  ['plain', OWN],
  ['with a full stop', `I opened ${OWN}.`],
  ['with other ends of sentences', `Is it ${OWN}?!`],
  ['before a list goes on', `${OWN}, ${OWN};`],
  ['as a Markdown link', `[the fix](${OWN})`],
  ['as its own Markdown link', `[${OWN}](${OWN}).`],
  ['in bold', `**${OWN}**`],
  ['in code', `\`${OWN}\``],
  ['in angle brackets', `<${OWN}>`],
  ['in quotes', `{"pull_request":"${OWN}"}`],
  ['in a table', `|${OWN}|`],
  ['with a slash', `${OWN}/`],
  ['with a query', `${OWN}?diff=split`],
  ['with a fragment', `${OWN}#issuecomment-1`],
  ["before another script's full stop", `${OWN}。`],
  ['in other capitals of the host', 'https://GitHub.com/acme/shop/pull/1'],
])('a link is found %s', (_what, text) => {
  expect(found(text)).toBe(OWN);
});

test('its owner and name are read in any capitals, and given as they came', () => {
  expect(found('https://github.com/Acme/Shop/pull/7')).toBe('https://github.com/Acme/Shop/pull/7');
});

test.each([
  ['gitlab.com/acme/infra/shop', 'https://gitlab.com/acme/infra/shop/-/merge_requests/12'],
  ['bitbucket.org/acme/shop', 'https://bitbucket.org/acme/shop/pull-requests/3'],
  ['git.acme.test/acme/shop', 'https://git.acme.test/acme/shop/pulls/4'],
])('of %s: %s', (repository, url) => {
  expect(found(`Opened ${url}.`, repository)).toBe(url);
});

test('the last one counts, whatever is linked to behind it', () => {
  const text = `Like ${OWN}, I opened https://github.com/acme/shop/pull/2 (see https://github.com/acme/other/pull/3).`;
  expect(found(text)).toBe('https://github.com/acme/shop/pull/2');
});

test('whatever the text, what is found is a pull request of the repository', () => {
  const part = fc.oneof(
    fc.constantFrom(
      'https://',
      'github.com',
      '/acme/shop',
      '/pull/',
      '1',
      '@',
      ':',
      '..',
      '/',
      '?',
      '#',
      ' ',
      '%2f',
      'evil.test',
    ),
    fc.string({ unit: 'binary', maxLength: 3 }),
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 30 }), (parts) => {
      expect(found(parts.join('')) ?? OWN).toMatch(/^https:\/\/github\.com\/acme\/shop\/pulls?\/\d{1,9}$/);
    }),
    { numRuns: 2000 },
  );
});
