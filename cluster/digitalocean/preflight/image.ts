import { z } from 'zod/v4';
import type { Settings } from '../settings/settings';
import type { Problem } from '../settings/problems';
import type { Answer, Ask } from './ask';

const registryShape = z.object({ registry: z.object({ name: z.string() }) });
const tagsShape = z.object({
  tags: z.array(z.object({ tag: z.string() })).nullish(),
  meta: z.object({ total: z.number() }),
});

/** Whether the registry is there, or is not, as the configuration says; and n8n's image in it. */
export async function imageProblems(ask: Ask, { registry, n8n }: Settings): Promise<Problem[]> {
  const answer = await ask('/registry', registryShape);
  const existing = typeof answer === 'string' ? answer : { found: answer.found.registry.name };
  const problems = registryProblems(registry, existing);
  if (problems.length > 0 || existing === 'unknown' || n8n.image === undefined) return problems;
  const isThere = existing !== 'absent' && (await hasTag(ask, n8n.image));
  if (isThere) return [];
  const what = `is ${n8n.image}, which is not there. push-image.sh pushes and sets it; until then: pulumi config rm n8n-image.`;
  return [{ key: 'n8n-image', what }];
}

function registryProblems({ name, isOurs }: Settings['registry'], existing: Answer<string>): Problem[] {
  if (existing === 'unknown') return [];
  if (existing === 'absent')
    return isOurs
      ? []
      : [{ key: 'registry-create', what: 'is false, and the account has no registry. With true this stack makes it.' }];
  const { found } = existing;
  if (found === name) return []; // made by an earlier run, or by another stack
  return isOurs
    ? [
        {
          key: 'registry-create',
          what: `is true, and the account has the registry ${found}. Set it to false, and registry to ${found}.`,
        },
      ]
    : [{ key: 'registry', what: `is ${name}, and the account's registry is ${found}.` }];
}

async function hasTag(ask: Ask, image: string): Promise<boolean> {
  const [path = '', tag] = image.split(':');
  const [, registry = '', ...repository] = path.split('/');
  const name = encodeURIComponent(repository.join('/'));
  const answer = await ask(`/registry/${registry}/repositories/${name}/tags?per_page=200`, tagsShape);
  if (typeof answer === 'string') return answer === 'unknown';
  const tags = answer.found.tags ?? [];
  // Of more than a page the rest may hold it.
  return tags.some((each) => each.tag === tag) || answer.found.meta.total > tags.length;
}
