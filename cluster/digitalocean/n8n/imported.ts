import { all, type Output, secret } from '@pulumi/pulumi';
import { chooseCredentials } from '../../shared/n8n/chooseCredentials';
import type { Credential } from '../../shared/n8n/credentials';
import { OPTIONAL_WORKFLOWS, type Workflow } from '../../shared/n8n/workflow';

/** The files that start.sh of n8n's image imports, by their names. All are secret, since credentials are in one of them. */
export type Imported = Record<'credentials.json' | 'workflows.json' | 'published', Output<string>>;

/**
 * What n8n gets when it starts.
 * @param read before anything is made: when the credentials are known is in the middle of a deployment
 */
export function imported(read: Workflow[], parts: Output<Credential[]>[]): Imported {
  const credentials = secret(all(parts).apply((lists) => lists.flat()));
  return {
    'credentials.json': credentials.apply((list) => JSON.stringify(list)),
    'workflows.json': credentials.apply((list) => JSON.stringify(read.map((each) => chooseCredentials(each, list)))),
    published: secret(
      read
        .filter(({ id }) => !OPTIONAL_WORKFLOWS.includes(id))
        .map(({ id }) => `${id}\n`)
        .join(''),
    ),
  };
}
