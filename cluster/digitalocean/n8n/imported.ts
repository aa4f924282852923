import { all, type Output, secret } from '@pulumi/pulumi';
import type { Credential } from './credentials';
import { readWorkflow, withCredentials } from './workflows';

/** The three files that start.sh of n8n’s image imports; as one secret, since credentials are in one of them. */
export interface Imported {
  credentials: Output<string>;
  workflows: Output<string>;
  published: Output<string>;
}

/** What n8n gets when it starts. */
export function imported(ids: string[], parts: Output<Credential[]>[]): Imported {
  // Now, and not when the credentials are known: that is in the middle of a deployment.
  const read = ids.map(readWorkflow);
  const credentials = secret(all(parts).apply((lists) => lists.flat()));
  return {
    credentials: credentials.apply((list) => JSON.stringify(list)),
    workflows: credentials.apply((list) => JSON.stringify(read.map((each) => withCredentials(each, list)))),
    published: secret(ids.map((id) => `${id}\n`).join('')),
  };
}
