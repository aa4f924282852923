import { PAGE_LINES, readPage } from '../../adapters/loki/read';
import { type RunningServer, serve } from '../support/httpServer';

const MEBIBYTE = 1024 * 1024;

/** Lines of one stream, as Loki answers. */
const answerWith = (lines: [time: string, line: string][]) =>
  JSON.stringify({ status: 'success', data: { resultType: 'streams', result: [{ stream: {}, values: lines }] } });

describe('readPage', () => {
  let server: RunningServer;
  let asked: URLSearchParams[] = [];
  let headers: unknown[] = [];
  /** By the number of lines that are asked for. */
  let answer: (limit: number) => string = () => answerWith([]);

  beforeAll(async () => {
    server = await serve(({ url = '', headers: sent }, response) => {
      const { searchParams } = new URL(url, 'http://loki');
      asked.push(searchParams);
      headers.push(sent['x-scope-orgid']);
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(answer(Number(searchParams.get('limit'))));
    });
  });
  afterAll(() => server.close());
  beforeEach(() => {
    asked = [];
    headers = [];
  });

  const read = (tenant = '') =>
    readPage(
      { url: server.url, tenant, username: '', password: '' },
      { selector: '{job="falco"}', from: 1n, to: 9_000_000_000_000_000_000n },
    );

  test('fails for a page of lines that are larger than any of Loki, after two attempts', async () => {
    answer = () => answerWith([['1', 'x'.repeat(9 * MEBIBYTE)]]);
    await expect(read()).rejects.toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining('Loki at') as string,
      nextStep: expect.stringContaining('larger than any') as string,
    });
    expect(asked.map((query) => query.get('limit'))).toEqual([String(PAGE_LINES.most), String(PAGE_LINES.ifTooLarge)]);
  });

  test('reads a page whose bytes are too many again with fewer lines, and knows that there are more', async () => {
    answer = (limit) =>
      answerWith(Array.from({ length: limit }, (_, index) => [`${index + 1}`, 'x'.repeat(16 * 1024)]));
    const { entries, isFull } = await read();
    expect(entries).toHaveLength(PAGE_LINES.ifTooLarge);
    expect(isFull).toBe(true);
  });

  test('sorts what Loki groups by stream, and sends the tenant', async () => {
    answer = () =>
      JSON.stringify({
        data: {
          result: [
            { stream: { pod: 'b' }, values: [['2', 'two']] },
            {
              stream: { pod: 'a' },
              values: [
                ['1', 'one', {}],
                ['3', 'three'],
              ],
            },
          ],
        },
      });
    const { entries, isFull } = await read('a-tenant');
    expect(entries.map(({ line, labels }) => [line, labels.pod])).toEqual([
      ['one', 'a'],
      ['two', 'b'],
      ['three', 'a'],
    ]);
    expect([isFull, headers]).toEqual([false, ['a-tenant']]);
    expect(Object.fromEntries(asked[0] ?? [])).toEqual({
      query: '{job="falco"}',
      start: '1',
      end: '9000000000000000000',
      limit: String(PAGE_LINES.most),
      direction: 'forward',
    });
  });
});
