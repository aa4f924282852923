import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { SCENARIOS, VARIANTS } from '../../cluster/local/scenarios/scenarios';
import { ROOT } from '../support/manifests';

test('SCENARIOS are the folders that have a report, which deploy.sh offers before anything is installed', () => {
  const folder = join(ROOT, 'cluster', 'local', 'scenarios');
  for (const variant of VARIANTS) {
    const recorded = readdirSync(folder).filter((name) => existsSync(join(folder, name, `${variant}.json`)));
    expect(recorded).toEqual(Object.keys(SCENARIOS).sort());
  }
});
