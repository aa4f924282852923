/** Prints what waits to be sent: node printStatus.js, with n8n's folder as its argument. */
import { join } from 'node:path';

import { messageWithStep } from '../../core/errors';
import { OUTPUT_FILE } from '../../core/names';
import { outputStatus } from './status';

async function main(): Promise<void> {
  const [folder] = process.argv.slice(2);
  if (folder === undefined) throw new Error("the argument is missing: n8n's folder, such as /home/node/.n8n");
  console.log((await outputStatus(join(folder, OUTPUT_FILE))).join('\n'));
}

main().catch((error: unknown) => {
  console.error(messageWithStep(error));
  process.exitCode = 1;
});
