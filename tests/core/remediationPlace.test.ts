import fc from 'fast-check';

import { INFRASTRUCTURE, placeOf } from '../../core/remediation/infrastructure';
import { isListed, parseRepository, written } from '../../core/remediation/repository';

const LIMITS = {
  organization: 'acme',
  repositories: ['github.com/acme/*'],
  stacks: ['shop/*', 'platform/dev'],
  environments: ['workshops/*', 'shop/prod'],
};
const OWN = { git_repo: 'github.com/acme/infrastructure' };
const repositoryIn = (said: Record<string, string>, defaults = {}, limits = LIMITS) => {
  const { repository, skipped, infrastructure } = placeOf(said, defaults, limits);
  return { repository: repository === null ? null : written(repository), skipped, infrastructure };
};

describe('the repository', () => {
  test.each<[string, Record<string, string>, Record<string, string>, RegExp]>([
    [
      'one that is not listed',
      { git_repo: 'github.com/evil/shop' },
      OWN,
      /github\.com\/evil\/shop is not one that the workflow lists/,
    ],
    ['one whose owner begins alike', { git_repo: 'github.com/acme-evil/shop' }, OWN, /not one that the workflow lists/],
    ['one on another host', { git_repo: 'gitlab.com/acme/shop' }, OWN, /not one that the workflow lists/],
    [
      'what is none',
      { git_repo: 'github.com/acme/../evil' },
      OWN,
      /the alert's git_repo "github.com\/acme\/\.\.\/evil" is not a repository/,
    ],
  ])("the alert names %s: there is none, and not the workflow's instead", (_what, said, defaults, reason) => {
    const { repository, skipped, infrastructure } = repositoryIn(said, defaults);
    expect(repository).toBeNull();
    expect(skipped).toEqual([expect.stringMatching(reason)]);
    expect(infrastructure).not.toHaveProperty('git_repo');
  });

  test("the workflow's own that is none is said, with the alert's used", () => {
    expect(repositoryIn({ git_repo: 'acme/shop' }, { git_repo: 'shop' })).toMatchObject({
      repository: 'github.com/acme/shop',
      skipped: ['the workflow\'s git_repo "shop" is not a repository'],
    });
  });

  test.each<[string, Record<string, string>, Record<string, string>, string | null]>([
    ['nobody names one', {}, {}, null],
    ["the workflow's counts when the alert names none", {}, OWN, 'github.com/acme/infrastructure'],
    ["the workflow's counts when the alert's is empty", { git_repo: '' }, OWN, 'github.com/acme/infrastructure'],
    [
      "the alert's counts before the workflow's",
      { git_repo: 'git@github.com:acme/shop.git' },
      OWN,
      'github.com/acme/shop',
    ],
    [
      "the workflow's own needs no listing",
      { git_repo: 'github.com/labs/x' },
      { git_repo: 'labs/x' },
      'github.com/labs/x',
    ],
  ])('%s', (_what, said, defaults, expected) => {
    expect(repositoryIn(said, defaults).repository).toBe(expected);
  });

  test("without a list an alert can name the workflow's own alone", () => {
    const limits = { ...LIMITS, repositories: [] };
    expect(repositoryIn({ git_repo: 'acme/shop' }, OWN, limits).repository).toBeNull();
    expect(repositoryIn({ git_repo: 'ACME/infrastructure' }, OWN, limits).repository).toBe(
      'github.com/ACME/infrastructure',
    );
  });

  test("whatever the alert says, it is a listed one, the workflow's own or none", () => {
    const host = fc.constantFrom(
      'https://github.com',
      'git@github.com:acme',
      'github.com/acme',
      'https://github.com@evil.test',
    );
    const said = fc.tuple(host, fc.constantFrom('/', ':', '/../', '/acme/'), fc.string({ maxLength: 8 }));
    fc.assert(
      fc.property(said, (parts) => {
        const { repository } = placeOf({ git_repo: parts.join('') }, OWN, LIMITS);
        if (repository === null) return;
        expect(isListed(repository, LIMITS.repositories)).toBe(true);
        expect(parseRepository(written(repository))).toEqual(repository);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('the stack', () => {
  test.each<[string, Record<string, string>, RegExp]>([
    [
      "another organization's",
      { pulumi_stack: 'evil/shop/dev' },
      /the stack evil\/shop\/dev belongs to evil, but Neo works for acme/,
    ],
    [
      "another organization's, named apart",
      { pulumi_org: 'evil', pulumi_project: 'shop', pulumi_stack: 'dev' },
      /belongs to evil/,
    ],
    ['one without a project', { pulumi_stack: 'dev' }, /"dev" of project "" is not the name of a Pulumi stack/],
    ['one that climbs', { pulumi_stack: '../dev' }, /is not the name of a Pulumi stack/],
    ['one of too many parts', { pulumi_stack: 'x/acme/shop/dev' }, /is not the name of a Pulumi stack/],
    [
      'one with a line break',
      { pulumi_project: 'shop', pulumi_stack: 'dev\nevil' },
      /is not the name of a Pulumi stack/,
    ],
    ['an empty one', { pulumi_project: 'shop', pulumi_stack: 'acme/shop/' }, /is not the name of a Pulumi stack/],
    [
      'one that is too long',
      { pulumi_project: 'shop', pulumi_stack: 'a'.repeat(101) },
      /is not the name of a Pulumi stack/,
    ],
  ])('%s is skipped, and the repository stays', (_what, said, reason) => {
    const { stack, skipped, repository } = placeOf(said, OWN, LIMITS);
    expect(stack).toBeNull();
    expect(skipped).toEqual([expect.stringMatching(reason)]);
    expect(repository).not.toBeNull();
  });

  test.each<[string, Record<string, string>, Record<string, string>, object | null]>([
    ['nobody names one', {}, {}, null],
    ['by its whole name', { pulumi_stack: 'acme/shop/dev' }, {}, { project: 'shop', name: 'dev' }],
    ['by project and name', { pulumi_stack: 'shop/dev' }, {}, { project: 'shop', name: 'dev' }],
    ['in parts', { pulumi_project: 'shop', pulumi_stack: 'dev' }, {}, { project: 'shop', name: 'dev' }],
    [
      'whose whole name counts before its parts',
      { pulumi_project: 'other', pulumi_stack: 'shop/dev' },
      {},
      { project: 'shop', name: 'dev' },
    ],
    ['by the workflow', {}, { pulumi_project: 'shop', pulumi_stack: 'dev' }, { project: 'shop', name: 'dev' }],
    [
      "by the workflow where the alert's word is empty",
      { pulumi_stack: '' },
      { pulumi_stack: 'shop/dev' },
      { project: 'shop', name: 'dev' },
    ],
  ])('%s', (_what, said, defaults, expected) => {
    expect(placeOf(said, defaults, LIMITS)).toMatchObject({ stack: expected, skipped: [] });
  });
});

test("the prompt is told the alert's word, the workflow's where it has none, and nothing else", () => {
  const all = Object.fromEntries(INFRASTRUCTURE.map((name) => [name, `default-${name}`]));
  const said = {
    git_repo: 'acme/shop',
    cluster_name: 'prod',
    esc_environment: '',
    git_branch: 'evil',
    toString: 'evil',
  };
  const defaults = { ...all, pulumi_org: 'acme', git_repo: 'acme/shop' };
  expect(placeOf(said, defaults, LIMITS).infrastructure).toEqual({
    ...all,
    pulumi_org: 'acme',
    git_repo: 'github.com/acme/shop',
    cluster_name: 'prod',
  });
});

test("the workflow's stack says nothing about another repository than its own", () => {
  const defaults = { git_repo: 'acme/platform', pulumi_project: 'platform', pulumi_stack: 'production' };
  const place = placeOf({ git_repo: 'acme/shop', cluster_name: 'prod' }, defaults, LIMITS);
  expect(place).toMatchObject({ repository: { name: 'shop' }, stack: null });
  expect(place.infrastructure).toEqual({ git_repo: 'github.com/acme/shop', cluster_name: 'prod' });
});

describe('a stack or an ESC environment that an alert names', () => {
  const SETTINGS = {
    ...OWN,
    pulumi_project: 'core',
    pulumi_stack: 'production',
    esc_environment: 'acme/core/production',
  };

  test.each([
    ['pay/production', /the alert's stack pay\/production is not one that the workflow lists/],
    ['platform/production', /platform\/production is not one/],
    ['shopping/dev', /shopping\/dev is not one/],
    ['core/dev', /core\/dev is not one/],
    ['Shop/dev', /Shop\/dev is not one/],
  ])(
    "the stack %s does not count unless the workflow lists it, and the workflow's own is not put in its place",
    (named, reason) => {
      const { stack, infrastructure, skipped, repository } = placeOf({ pulumi_stack: named }, SETTINGS, LIMITS);
      expect([stack, skipped]).toEqual([null, [expect.stringMatching(reason)]]);
      expect(infrastructure).not.toHaveProperty('pulumi_stack');
      expect(repository).not.toBeNull();
    },
  );

  test('the prompt is not told the project of a stack that does not count', () => {
    const said = { pulumi_project: 'pay', pulumi_stack: 'production' };
    expect(placeOf(said, SETTINGS, LIMITS).infrastructure).not.toHaveProperty('pulumi_project');
    expect(placeOf({ pulumi_project: 'pay' }, { ...OWN }, LIMITS).infrastructure).not.toHaveProperty('pulumi_project');
  });

  test.each(['core/production', 'acme/core/production', 'shop/anything', 'platform/dev'])(
    'the stack %s counts',
    (named) => {
      expect(placeOf({ pulumi_stack: named }, SETTINGS, LIMITS)).toMatchObject({
        stack: { project: named.split('/').at(-2), name: named.split('/').at(-1) },
        skipped: [],
      });
    },
  );

  test.each([
    ['pay/secrets', /the alert's ESC environment pay\/secrets is not one that the workflow lists/],
    ['evil/workshops/x', /"evil\/workshops\/x" is not the name of one/],
    ['workshops/../pay', /is not the name of one/],
    ['workshops/x\nevil', /is not the name of one/],
    ['workshops', /is not the name of one/],
  ])('the environment %j does not count, and Neo is not told it', (named, reason) => {
    const { infrastructure, skipped } = placeOf({ esc_environment: named }, SETTINGS, LIMITS);
    expect(skipped).toEqual([expect.stringMatching(reason)]);
    expect(infrastructure).not.toHaveProperty('esc_environment');
  });

  test.each(['core/production', 'acme/core/production', 'acme/workshops/security', 'workshops/x', 'shop/prod'])(
    'the environment %s counts',
    (named) => {
      const { infrastructure, skipped } = placeOf({ esc_environment: named }, SETTINGS, LIMITS);
      expect([infrastructure.esc_environment, skipped]).toEqual([named, []]);
    },
  );

  test("without lists only the workflow's own count, whatever an alert says", () => {
    const limits = { ...LIMITS, stacks: [], environments: [] };
    const part = fc.constantFrom('core', 'production', 'shop', 'acme', 'evil', '*', '..', '', 'x');
    fc.assert(
      fc.property(
        fc.array(part, { maxLength: 4 }),
        fc.array(part, { maxLength: 4 }),
        part,
        (stack, environment, project) => {
          const said = {
            pulumi_stack: stack.join('/'),
            pulumi_project: project,
            esc_environment: environment.join('/'),
          };
          const place = placeOf(said, SETTINGS, limits);
          expect([null, { project: 'core', name: 'production' }]).toContainEqual(place.stack);
          expect([undefined, 'core/production', 'acme/core/production']).toContain(
            place.infrastructure.esc_environment,
          );
          expect([undefined, 'core']).toContain(place.stack === null ? place.infrastructure.pulumi_project : 'core');
        },
      ),
    );
  });
});
