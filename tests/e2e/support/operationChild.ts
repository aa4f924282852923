/** Runs one operation in a process of its own, so that it can be killed. What to run comes by standard input. */
import { text } from 'node:stream/consumers';

import type { KubernetesAccess } from '../../../adapters/kubernetes/api/client';
import { OPERATIONS, type Subject } from './operations';

export interface ChildTask {
  operation: string;
  access: KubernetesAccess;
  subject: Subject;
}

async function main(): Promise<void> {
  const { operation, access, subject } = JSON.parse(await text(process.stdin)) as ChildTask;
  const report = await OPERATIONS.find(({ name }) => name === operation)?.run(access, subject);
  console.log(JSON.stringify(report));
  process.exit();
}

void main();
