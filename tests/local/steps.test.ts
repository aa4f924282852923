import { progress } from '../../cluster/local/steps/duration';
import { begin, expectedSeconds, type Step } from '../../cluster/local/steps/steps';

const step = (title: string, after: Step[] = [], run: Step['run'] = () => Promise.resolve()): Step => ({
  title,
  after,
  run,
});

describe('begin', () => {
  it('runs a step as soon as those before it have ended, whatever else still runs', async () => {
    const order: string[] = [];
    const noting = (title: string) => () => {
      order.push(title);
      return Promise.resolve();
    };
    let finishSlow = (): void => undefined;
    const slow = step('slow', [], () => new Promise((resolve) => (finishSlow = resolve)));
    const first = step('first', [], noting('first'));
    const second = step('second', [first], noting('second'));
    const last = step('last', [slow, second], noting('last'));
    const running = begin([slow, first, second, last]);
    await running.get(second)?.done;
    expect(order).toEqual(['first', 'second']);
    expect(running.get(last)?.startedAt).toBeUndefined();
    finishSlow();
    await running.get(last)?.done;
    expect(order).toEqual(['first', 'second', 'last']);
  });

  it('does not run a step after one that failed, and rejects with its error', async () => {
    const broken = step('broken', [], () => Promise.reject(new Error('no disk')));
    const after = step('after', [broken]);
    const running = begin([broken, after]);
    await expect(running.get(after)?.done).rejects.toThrow('no disk');
    expect(running.get(after)?.startedAt).toBeUndefined();
  });

  it('has the title and the line that the step gave last', async () => {
    const titles: string[] = [];
    const build = step('Get loki', [], async ({ say, retitle }) => {
      await Promise.resolve();
      say('12 packages compiled');
      retitle('Build loki from source');
    });
    const running = begin([build]).get(build);
    if (running === undefined) throw new Error('it does not run');
    running.retitled = () => titles.push(running.title);
    await running.done;
    expect(running).toMatchObject({ title: 'Build loki from source', said: '12 packages compiled' });
    expect(titles).toEqual(['Build loki from source']);
  });

  it('refuses a step that is listed before one that it waits for', () => {
    const first = step('first');
    expect(() => begin([step('second', [first]), first])).toThrow('second is listed before first');
  });
});

test('expectedSeconds is the longest way through the steps', () => {
  const npm = { ...step('npm'), expected: 100 };
  const kubernetes = { ...step('kubernetes'), expected: 300 };
  const loki = { ...step('loki', [kubernetes]), expected: 200 };
  expect(expectedSeconds([npm, kubernetes, step('n8n', [npm, kubernetes])])).toBe(300);
  expect(expectedSeconds([npm, kubernetes, loki])).toBe(500);
  expect(expectedSeconds([])).toBe(0);
});

test.each([
  [41, undefined, '41 s'],
  [130, 370, '2 min 10 s, about 4 min left'],
  [330, 370, '5 min 30 s, about 40 s left'],
  [400, 370, '6 min 40 s, longer than the expected 6 min 10 s'],
])('progress after %d s of %s s says %j', (elapsed, expected, line) => {
  expect(progress(elapsed, expected)).toBe(line);
});
