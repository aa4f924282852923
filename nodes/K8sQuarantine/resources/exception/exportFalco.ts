import { toYaml } from '../../../../adapters/kubernetes/api/yaml';
import { falcoExport } from '../../../../core/policy/exceptions/falco';
import { now } from '../../../shared/clock';
import { done, type Operation } from '../operation';

/** Gives the exceptions as a rules file for Falco, which silences them at their source. */
export const exportFalco: Operation = {
  name: 'Export to Falco',
  value: 'exportFalco',
  action: 'Export exceptions to Falco',
  description: 'Give a rules file with the exceptions that have not ended, and name those that Falco cannot express',
  run: async ({ cluster }) => {
    const { items, exported, refused } = falcoExport(await cluster.listExceptions(), now());
    // Names of Kubernetes objects: nothing in them ends a comment.
    const ends = exported.map(({ name, endsAt }) => `# ${name} ends at ${endsAt}; Falco does not end it by itself\n`);
    const yaml = items.length === 0 ? '' : `${ends.join('')}${await toYaml(items)}`;
    return done({ falco: { yaml, exported, refused } });
  },
};
