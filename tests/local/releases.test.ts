import { PUBLISHERS, releaseOf } from '../../cluster/local/build/releases';
import { type Part, PARTS, serversIn } from '../../cluster/local/build/servers';

describe.each(PARTS)('the release of %s', (part: Part) => {
  it('has every server of the part', async () => {
    const files = await releaseOf(part);
    expect(files.flatMap(({ programs }) => Object.keys(programs)).sort()).toEqual(serversIn(part).sort());
  });

  it('can be checked: its digests are known here, or published', async () => {
    for (const { url, sha256, sums } of await releaseOf(part)) {
      expect([url, sha256 ?? sums]).toEqual([url, expect.any(String)]);
      expect(url).toMatch(/^https:/);
    }
  });
});

test('every digest is of a file that go.mod names the version of', async () => {
  const files = (await Promise.all(PARTS.map((part) => releaseOf(part)))).flat();
  const known = files.filter(({ sha256 }) => sha256 !== undefined).map(({ url }) => new URL(url).pathname.slice(1));
  expect(known.sort()).toEqual(Object.keys(PUBLISHERS.digests).sort());
});
