import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { sqliteAnswers } from '../../adapters/sqlite/answers';
import { openDatabase } from '../../adapters/sqlite/database';
import { answerStoreContract } from '../support/answerStoreContract';

const folder = mkdtempSync(join(tmpdir(), 'answers-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

let at = Date.parse('2026-11-28T10:00:00Z');
const now = () => new Date(at);
const file = join(folder, 'shared', 'answers.sqlite');

answerStoreContract(() =>
  Promise.resolve({
    stores: [sqliteAnswers(file, now), sqliteAnswers(`${folder}/./shared/answers.sqlite`, now)],
    age: (minutes) => {
      at += minutes * 60_000;
      return Promise.resolve();
    },
  }),
);

describe('answers in a file', () => {
  test('are readable for their owner alone', () => {
    expect(statSync(join(folder, 'shared')).mode & 0o777).toBe(0o700);
  });

  test('of a later time count for nothing once the clock was set back, and are removed', async () => {
    const store = sqliteAnswers(join(folder, 'clock.sqlite'), now);
    await store.keep('later', [{ key: 'k', answer: '1' }]);
    at -= 3_600_000;
    expect(await store.find('k')).toBeNull();
    await store.keep('now', []);
    at += 3_600_000;
    expect(await store.find('k')).toBeNull();
  });

  test('that are too old are removed when others are kept', async () => {
    const path = join(folder, 'old.sqlite');
    const store = sqliteAnswers(path, now);
    await store.keep('old', [{ key: 'k', answer: '1' }]);
    at += 61 * 60_000;
    await store.keep('new', [{ key: 'l', answer: '1' }]);
    expect(openDatabase(path, '').rows('select key from answer')).toEqual([{ key: 'l' }]);
  });

  test('that are damaged say so', () => {
    const path = join(folder, 'damaged.sqlite');
    writeFileSync(path, 'no database, but what somebody wrote there'.repeat(100));
    expect(() => sqliteAnswers(path, now)).toThrow(path);
  });
});
