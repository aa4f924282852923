/**
 * Prepares the import into an n8n of your own: makes and tests the credentials that every workflow needs, and chooses them
 * in its nodes (docs/install.md). Sends nothing to n8n: its own commands import what is written.
 */
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { messageOf, StackError } from '../local/errors.js';
import { CHECKOUT } from '../local/paths.js';
import { type AccessOptions, readAccess } from './access.js';
import { prepare } from './prepare.js';
import { summary } from './summary.js';
import { testAccess } from './testAccess.js';

interface Options extends AccessOptions {
  out: string;
  test: boolean;
}

const program = new Command('npm run set-up --')
  .showHelpAfterError('--help lists the options; docs/install.md has an example of the whole command.')
  .description('Prepare the credentials and workflows for an n8n of your own.')
  .option('--in-cluster', "n8n runs in the cluster as manifests/n8n does, with the responder's ServiceAccount")
  .option('--kubeconfig <file>', "a kubeconfig whose current context has the responder's token")
  .option('--api-server <url>', 'https URL of the API server, with --token-file')
  .option('--token-file <file>', "the responder's token")
  .option('--ca-file <file>', "PEM of the authority of the API server's certificate")
  .option('--loki <url>', 'Loki, as n8n reaches it')
  .option('--pushgateway <url>', 'Pushgateway, as n8n reaches it')
  .option('--out <folder>', 'where the files go', join(CHECKOUT, '.set-up'))
  .option('--no-test', 'write the files although nothing was tested, if n8n reaches what this machine does not')
  .action(setUp);

async function setUp(options: Options): Promise<void> {
  const access = await readAccess(options);
  // What n8n reaches in the cluster cannot be reached from here.
  if (options.test && options.inCluster !== true) await allGood(access);
  else console.log('Nothing was tested: each credential has its test in n8n.');
  console.log(summary(await prepare(access, resolve(options.out))));
}

async function allGood(access: Awaited<ReturnType<typeof readAccess>>): Promise<void> {
  const results = await testAccess(access);
  for (const { credential, isGood, message } of results)
    console.log(`${isGood ? '✔' : '✖'} ${credential}: ${message}`);
  if (results.every(({ isGood }) => isGood)) return;
  throw new StackError(
    'Nothing was written: a credential does not work.',
    'Correct it. --no-test writes without a test, if n8n runs where it does work.',
  );
}

try {
  await program.parseAsync();
} catch (error) {
  console.error(messageOf(error));
  if (error instanceof StackError) console.error(error.remedy);
  process.exitCode = 1;
}
