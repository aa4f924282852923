/** Draws the house of CONTRIBUTING.md again: npx tsx tests/support/writeHouse.ts */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { drawHouse, shownHouse } from './house';
import { ROOT } from './manifests';

const file = join(ROOT, 'CONTRIBUTING.md');
writeFileSync(file, readFileSync(file, 'utf8').replace(shownHouse(), drawHouse()));
