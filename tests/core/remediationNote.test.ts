import { noteOf } from '../../core/remediation/note';
import { report, tellingKey } from '../../core/remediation/report';
import { needsPerson, type NeoTask, TASK_STATES, taskSchema, type TaskState } from '../../core/incident/task';
import { claimOf } from '../support/claims';

const NOW = new Date('2026-11-21T10:30:00.000Z');
const APPROVAL = { id: 'a-1', message: 'Open a pull request?', type: 'tool_permission', sensitivity: 'regular' };
const PULL_REQUEST = 'https://github.com/acme/shop/pull/1';

const taskIn = (state: TaskState, more: Partial<NeoTask> = {}): Omit<NeoTask, 'note'> => ({
  state,
  id: 't-1',
  organization: 'acme',
  url: 'https://app.pulumi.com/acme/neo/tasks/t-1',
  status: null,
  message: 'I looked.',
  pullRequest: state === 'fixed' ? PULL_REQUEST : null,
  approval: state === 'awaiting_approval' ? APPROVAL : null,
  problem: null,
  promptVersion: 'neo/1',
  createdAt: null,
  checkedAt: NOW.toISOString(),
  ...more,
});

describe('the note for an incident', () => {
  test.each(TASK_STATES)('%s', (state) => {
    expect(noteOf(taskIn(state, { problem: 'the reason' }))).toMatchSnapshot();
  });

  /** What the person who reads it has to do, in each state that needs one. */
  test.each<[TaskState, RegExp]>([
    ['fixed', /Review and merge it/],
    ['awaiting_approval', /Open the task and approve or reject it/],
    ['overdue', /Look at the task, and cancel it if it is stuck/],
    ['not_fixed', /is reassigned to the previous assignee/],
    ['failed', /A person has to find the cause/],
    ['refused', /A person has to find the cause/],
    ['unknown', /Look for it in Pulumi Cloud \(organization acme\), and start one manually/],
  ])('%s has the next step', (state, step) => {
    expect(noteOf(taskIn(state))).toMatch(step);
  });

  test.each(TASK_STATES)('%s with a problem of whole sentences ends them once', (state) => {
    expect(noteOf(taskIn(state, { problem: 'It broke. Mend it.' }))).not.toContain('..');
  });

  test("has Neo's lines as lines, without half a character where it is cut", () => {
    const message = `One\n\tTwo\n${'x'.repeat(2989)}${'😀'.repeat(10)}`;
    const note = noteOf(taskIn('not_fixed', { message }));
    expect(note).toContain('Neo wrote:\nOne\n\tTwo\n');
    expect(note.endsWith('😀')).toBe(true);
    expect(note).not.toMatch(/\p{Cs}/u);
    expect(note.length).toBeLessThan(3500);
  });
});

describe('a report', () => {
  test('of a claim without a task says why there is none', () => {
    const claim = claimOf({}, { state: 'refused', problem: 'no' });
    expect(report(claim, { state: 'refused' }, String, NOW)).toMatchObject({
      id: null,
      url: null,
      problem: 'no',
      createdAt: null,
    });
  });

  test("names the task's page, its problem before the claim's, and the claim's prompt", () => {
    const claim = claimOf(
      { promptVersion: 'neo/0' },
      { state: 'running', taskId: 't-1', problem: 'a stack was skipped' },
    );
    const urlOf = (id: string): string => `https://app.test/${id}`;
    const task = report(claim, { state: 'running', status: 'running' }, urlOf, NOW);
    expect(taskSchema.parse(task)).toEqual(task);
    expect(task).toMatchObject({
      url: 'https://app.test/t-1',
      promptVersion: 'neo/0',
      problem: 'a stack was skipped',
    });
    expect(task.note).toContain('Note: a stack was skipped.');
    expect(report(claim, { state: 'failed', problem: 'worse' }, urlOf, NOW).problem).toBe('worse');
  });
});

describe('of what people are told, once', () => {
  test.each<[TaskState, string | null]>([
    ['claimed', null],
    ['running', 'begun'],
    ['closed', null],
    ['skipped', null],
    ['awaiting_approval', 'approval a-1'],
    ['overdue', 'overdue'],
    ['fixed', 'outcome'],
    ['not_fixed', 'outcome'],
    ['failed', 'outcome'],
    ['refused', 'outcome'],
    ['unknown', 'outcome'],
    ['joined', 'outcome'],
  ])('%s: %s', (state, key) => {
    expect(tellingKey(taskIn(state))).toBe(key);
  });

  test('nothing that needs a person is left out', () => {
    expect(TASK_STATES.filter((state) => needsPerson(state) && tellingKey(taskIn(state)) === null)).toEqual([]);
  });
});
