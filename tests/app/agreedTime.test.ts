import { agreedTime } from '../../app/agreedTime';

const NOW = new Date('2026-11-28T10:00:00Z');

test('agreedTime is the time of this process, as long as the API server agrees', () => {
  expect(agreedTime({ clockProblem: () => null }, NOW)).toBe(NOW);
});

test('agreedTime says which clock is off, and that others do the step', () => {
  const problem = "this n8n's clock is 3600 s ahead of the API server's";
  let thrown: unknown;
  try {
    agreedTime({ clockProblem: () => problem }, NOW);
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toMatchObject({
    code: 'misconfigured',
    message: `nothing is judged by its time: ${problem}`,
    nextStep: expect.stringMatching(/NTP.*Other processes/) as string,
  });
});
