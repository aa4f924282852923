import { Tally } from '../../gate/tally';

test('what was turned away is reported in one line, with its number', async () => {
  const lines: string[] = [];
  const reported = new Promise<void>((resolve) => {
    const { add } = new Tally((line) => {
      lines.push(line);
      resolve();
    }, 20);
    for (let index = 0; index < 1000; index += 1) add(index % 4 === 0 ? 'media type' : 'too many connections');
  });
  await reported;
  expect(lines).toEqual(['gate: turned away in the last 0.02 s: 250 × media type, 750 × too many connections']);
});
