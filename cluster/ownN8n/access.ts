import { readFile } from 'node:fs/promises';
import { messageOf, StackError } from '../local/errors.js';
import { IN_CLUSTER, type PipelineAccess } from '../shared/n8n/credentials.js';

/** Where a person's n8n reaches the cluster and its monitoring, as options of the command say it. */
export interface AccessOptions {
  inCluster?: boolean;
  kubeconfig?: string;
  apiServer?: string;
  tokenFile?: string;
  caFile?: string;
  loki?: string;
  pushgateway?: string;
}

/**
 * The fields of the credentials. Secrets come from files, so that no list of processes and no shell history has them.
 * @throws StackError that says everything that is missing or wrong: each option, each file that cannot be read
 */
export async function readAccess(options: AccessOptions): Promise<Omit<PipelineAccess, 'webhookSecret'>> {
  const monitoring = options.inCluster === true ? IN_CLUSTER : { lokiUrl: undefined, pushgatewayUrl: undefined };
  const [kubernetes, lokiUrl, pushgatewayUrl] = await together([
    readKubernetes(options),
    address('--loki', options.loki ?? monitoring.lokiUrl),
    address('--pushgateway', options.pushgateway ?? monitoring.pushgatewayUrl),
  ]);
  return { kubernetes, lokiUrl, pushgatewayUrl };
}

async function readKubernetes(options: AccessOptions): Promise<Record<string, string>> {
  const { inCluster = false, kubeconfig, apiServer, tokenFile, caFile } = options;
  const byToken = [apiServer, tokenFile, caFile].some((option) => option !== undefined);
  const ways = [inCluster, kubeconfig !== undefined, byToken].filter(Boolean).length;
  if (ways !== 1)
    throw new StackError(
      ways === 0
        ? 'It is not said how n8n reaches the API server.'
        : 'It is said twice how n8n reaches the API server.',
      'Choose one of --in-cluster, --kubeconfig FILE, or --api-server URL with --token-file FILE.',
    );
  if (inCluster) return { ...IN_CLUSTER.kubernetes };
  if (kubeconfig !== undefined)
    return { authentication: 'kubeconfig', kubeconfig: await textOf('--kubeconfig', kubeconfig) };
  const [server, token, caCertificate] = await together([
    address('--api-server', apiServer),
    needed('--token-file', tokenFile).then((file) => textOf('--token-file', file)),
    caFile === undefined ? '' : certificateOf('--ca-file', caFile),
  ]);
  return { authentication: 'token', server, token: token.trim(), caCertificate };
}

/** As Promise.all, but with every problem in one error, so that a person corrects all of them at once. */
async function together<T extends readonly unknown[] | []>(
  parts: T,
): Promise<{ -readonly [Part in keyof T]: Awaited<T[Part]> }> {
  const settled = await Promise.allSettled<unknown>(parts);
  const problems = settled.flatMap((part): unknown[] => (part.status === 'rejected' ? [part.reason] : []));
  if (problems.length < 2 || !problems.every((problem) => problem instanceof StackError)) return Promise.all(parts);
  const remedies = new Set(problems.flatMap(({ remedy }) => remedy.split('\n')));
  throw new StackError(problems.map(({ message }) => message).join('\n'), [...remedies].join('\n'));
}

/**
 * The address of a server. What is given as an option is in the list of processes and in the shell's history, so a password is refused,
 * and never repeated.
 */
async function address(option: string, value: string | undefined): Promise<string> {
  const given = await needed(option, value);
  if (given.includes('@'))
    throw new StackError(
      `${option} has a user or a password in its address.`,
      `Leave it out there, choose another one, since the shell's history may have it, and enter it in n8n's credential.`,
    );
  const url = URL.canParse(given) ? new URL(given) : null;
  if (url !== null && ['http:', 'https:'].includes(url.protocol) && url.hostname !== '') return given;
  throw new StackError(`${option} ${given} is no address.`, 'Begin it with http:// or https://, then host and port.');
}

function needed(option: string, value: string | undefined): Promise<string> {
  if (value !== undefined) return Promise.resolve(value);
  return Promise.reject(
    new StackError(`${option} is missing.`, 'docs/install.md has an example of the whole command.'),
  );
}

async function textOf(option: string, path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new StackError(`${option} ${path} cannot be read: ${messageOf(error)}`, 'Name a file that you can read.');
  });
  if (text.trim() !== '') return text;
  throw new StackError(
    `${option} ${path} is empty.`,
    'Look whether the command that wrote it failed, and run it again.',
  );
}

/** @throws StackError for a file without a certificate, such as one with a key in its place */
async function certificateOf(option: string, path: string): Promise<string> {
  const text = await textOf(option, path);
  if (text.includes('-----BEGIN CERTIFICATE-----')) return text;
  throw new StackError(
    `${option} ${path} holds no certificate.`,
    'Name a file in PEM form: -----BEGIN CERTIFICATE-----.',
  );
}
