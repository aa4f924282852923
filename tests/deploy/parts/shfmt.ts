import { checkScripts } from '../scripts.js';
import type { Part } from '../part.js';
import { goTool } from '../tools.js';

export const shfmt: Part = {
  name: 'shfmt',
  run: async () => checkScripts(await goTool('shfmt'), ['--diff', '--indent=2', '--case-indent']),
};
