import { globSync, rmSync } from 'node:fs';
import { STATE } from './paths.js';

/** Files that hold secrets in plain text while a step uses them; each step removes its own unless it is stopped. */
const PLAIN = ['*.import.json', 'workflows.{current,next,planned}.json', 'pm2/*.json'];
/** The process manager's own. */
const KEPT = ['pm2/module_conf.json'];

/** Removes what a stopped step left behind of them. */
export function removeUnfinished(state: string = STATE): void {
  for (const file of globSync(PLAIN, { cwd: state }))
    if (!KEPT.includes(file)) rmSync(`${state}/${file}`, { force: true });
}
