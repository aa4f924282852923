import { checkScripts } from '../scripts.js';
import type { Part } from '../part.js';
import { shellcheckPath } from '../tools.js';

export const shellcheck: Part = {
  name: 'shellcheck',
  // Scripts that source another are read together with it.
  run: async () => checkScripts(await shellcheckPath(), ['--external-sources', '--source-path=SCRIPTDIR']),
};
