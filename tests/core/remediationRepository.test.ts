import fc from 'fast-check';

import { isListed, parseRepository, pullRequestIn, type Repository, written } from '../../core/remediation/repository';

const SHOP: Repository = { host: 'github.com', org: 'acme', name: 'shop' };
const named = (text: string): string | null => {
  const repository = parseRepository(text);
  return repository === null ? null : written(repository);
};

describe('what is no repository is none', () => {
  test.each([
    ['nothing', ''],
    ['a word', 'shop'],
    ['a path that climbs', 'github.com/acme/../evil'],
    ['a path that stays', 'github.com/acme/./shop'],
    ['a path that climbs out of org/name', '../shop'],
    ['a path without its host', '/acme/shop'],
    ['an empty part', 'github.com//shop'],
    ['a password in the URL', 'https://user:password@github.com/acme/shop'],
    ['a user in the URL', 'https://user@github.com/acme/shop'],
    ['another host behind a user', 'https://github.com@evil.test/acme/shop'],
    ['another user of SSH', 'ssh://root@github.com/acme/shop'],
    ['a query', 'https://github.com/acme/shop?ref=evil'],
    ['a fragment', 'https://github.com/acme/shop#readme'],
    ['a page of it', 'https://github.com/acme/shop/tree/main'],
    ['a page of it on GitLab', 'https://gitlab.com/acme/shop/-/tree/main'],
    ['a port, which is no group', 'ssh://git@gitlab.acme.test:2222/acme/shop.git'],
    ['a port of https', 'https://gitlab.acme.test:8443/acme/shop'],
    ['an IPv4 address', 'https://10.0.0.1/acme/shop'],
    ['an IPv6 address', 'https://[::1]/acme/shop'],
    ['a number for an address', 'https://2130706433/acme/shop'],
    ['a host without a dot', 'https://localhost/acme/shop'],
    ['a host without an owner', 'github.com/acme'],
    ['plain http', 'http://github.com/acme/shop'],
    ['a file', 'file:///etc/passwd'],
    ['a script', 'javascript:alert(1)/acme/shop'],
    ['letters that look like others', 'github.com/аcme/shop'],
    ['a host in other letters', 'https://gіthub.com/acme/shop'],
    ['an invisible character', 'github.com/acme/shop\u200b'],
    ['a line break', 'github.com/acme/shop\nIncident reference: 1'],
    ['a space', 'github.com/acme/shop evil'],
    ['an encoded slash', 'github.com/acme%2fevil/shop'],
    ['a backslash', 'github.com\\acme\\shop'],
    ['an option', 'github.com/--upload-pack/shop'],
    ['a command', 'github.com/acme/$(id)'],
    ['another suffix behind the suffix', 'github.com/acme/shop.git.git'],
    ['more groups than anybody has', `gitlab.com/${'a/'.repeat(9)}shop`],
    ['a name longer than any', `github.com/acme/${'a'.repeat(101)}`],
    ['a path longer than a claim holds', `gitlab.com/${`${'a'.repeat(99)}/`.repeat(6)}shop`],
  ])('%s: %j', (_what, text) => {
    expect(parseRepository(text)).toBeNull();
  });
});

test.each([
  ['https://github.com/acme/shop', 'github.com/acme/shop'],
  ['https://github.com/acme/shop.git', 'github.com/acme/shop'],
  [' https://github.com/acme/shop.git/ ', 'github.com/acme/shop'],
  ['https://GitHub.com/Acme/Shop', 'github.com/Acme/Shop'],
  ['git://github.com/acme/shop.git', 'github.com/acme/shop'],
  ['ssh://git@github.com/acme/shop.git', 'github.com/acme/shop'],
  ['git@github.com:acme/shop.git', 'github.com/acme/shop'],
  ['git@gitlab.com:acme/infra/prod/shop.git', 'gitlab.com/acme/infra/prod/shop'],
  ['https://gitlab.acme.test/acme/infra/shop', 'gitlab.acme.test/acme/infra/shop'],
  ['bitbucket.org/acme/shop', 'bitbucket.org/acme/shop'],
  ['github.com/acme/.github', 'github.com/acme/.github'],
  ['acme/shop', 'github.com/acme/shop'],
  ['acme/shop.js', 'github.com/acme/shop.js'],
])('%s is %s', (text, expected) => {
  expect(named(text)).toBe(expected);
});

describe('whatever is read', () => {
  const part = fc.oneof(
    fc.constantFrom(
      'acme',
      'shop',
      '..',
      '.',
      '-',
      'git@',
      ':',
      '%2e',
      '@evil.test',
      '?a=b',
      '#',
      '.git',
      '',
      'github.com',
    ),
    fc.string({ maxLength: 6 }),
    fc.string({ unit: 'binary', maxLength: 4 }),
  );
  const text = fc
    .tuple(
      fc.constantFrom('', 'https://', 'ssh://', 'ssh://git@', 'git@', 'git://', 'http://'),
      fc.constantFrom('', 'github.com/', 'gitlab.com/', 'gitlab.com:', '10.0.0.1/'),
      fc.array(part, { maxLength: 5 }).map((parts) => parts.join('/')),
    )
    .map((parts) => parts.join(''));

  test('is safe to hand on, and is read as the same when it is written', () => {
    fc.assert(
      fc.property(text, (given) => {
        const repository = parseRepository(given);
        if (repository === null) return;
        const told = written(repository);
        expect(told).toMatch(/^(?:[a-z0-9-]+\.)+[a-z][a-z0-9-]*(?:\/[A-Za-z0-9_.][A-Za-z0-9_.-]*){2,}$/);
        expect(told.split('/')).not.toContain('..');
        expect(new URL(`https://${told}`).href).toBe(`https://${told}`);
        expect(parseRepository(told)).toEqual(repository);
        expect(parseRepository(`https://${told}.git`)).toEqual(repository);
      }),
      { numRuns: 2000 },
    );
  });

  test('and nothing makes it fail', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 3000 }), (given) => {
        parseRepository(given);
        pullRequestIn(given, SHOP);
      }),
    );
  });
});

describe('the list of repositories an alert may name', () => {
  test.each([
    ['github.com/acme/*', 'github.com/acme-evil/shop', false],
    ['github.com/acme/*', 'github.com/evil/acme', false],
    ['github.com/acme/*', 'gitlab.com/acme/shop', false],
    ['gitlab.com/acme/*', 'gitlab.com/acme/evil/shop', false],
    ['gitlab.com/acme/*', 'gitlab.com/acme/acme/shop', false],
    ['github.com/acme/shop', 'github.com/acme/shop-evil', false],
    ['github.com/acme/shop*', 'github.com/acme/shop-evil', false],
    ['github.com/*', 'github.com/evil/shop', false],
    ['*', 'github.com/evil/shop', false],
    ['*/*', 'github.com/evil/shop', false],
    ['', 'github.com/evil/shop', false],
    ['github.com/acme/*', 'github.com/acme/shop', true],
    ['github.com/acme/*', 'github.com/Acme/Shop', true],
    ['GitHub.com/Acme/*', 'github.com/acme/shop', true],
    ['github.com/acme/shop', 'github.com/ACME/shop', true],
    ['gitlab.com/acme/infra/*', 'gitlab.com/acme/infra/shop', true],
  ])('%j on %s: %s', (entry, text, expected) => {
    const repository = parseRepository(text);
    expect(repository).not.toBeNull();
    expect(repository !== null && isListed(repository, ['github.com/other/other', entry])).toBe(expected);
  });

  test('empty, it lists none', () => {
    expect(isListed(SHOP, [])).toBe(false);
  });
});
