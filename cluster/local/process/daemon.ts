import { join } from 'node:path';
import { readIfThere } from '../files.js';
import { statePath } from '../paths.js';
import { isAlive } from './isAlive.js';

export const PM2_HOME = statePath('pm2');

/** The process manager's daemon. Asked of the system: every command of pm2, even a question, would start one. */
export async function daemon(): Promise<number | undefined> {
  const pid = Number((await readIfThere(join(PM2_HOME, 'pm2.pid'))) ?? NaN);
  return isAlive(pid) ? pid : undefined;
}
