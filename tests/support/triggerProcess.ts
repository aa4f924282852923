import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import type { IDataObject } from 'n8n-workflow';

import { signatureOf } from './reports';

/** A webhook processor with a trigger for PagerDuty, whose incidents are in PostgreSQL. */
export interface TriggerProcess {
  /** Delivers a body, signed, as the attempt with this id. */
  deliver: (body: string, id: string) => Promise<{ status: number; body: IDataObject }>;
  /** How many executions it has started. */
  executions: () => Promise<number>;
  /** Kills it. */
  kill: () => Promise<void>;
}

export async function startTriggerProcess(access: object, secret: string): Promise<TriggerProcess> {
  const child = spawn(process.execPath, ['--import', 'tsx', join(__dirname, 'triggerChild.ts')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ask = async (line: string): Promise<string> => {
    child.stdin.write(`${line}\n`);
    const { value, done } = await lines.next();
    if (done === true) throw new Error('the process of the trigger ended by itself');
    return value;
  };
  const url = await ask(JSON.stringify({ secrets: secret, access }));
  return {
    deliver: async (body, id) => {
      const headers = {
        'content-type': 'application/json',
        'x-webhook-id': id,
        'x-pagerduty-signature': signatureOf(body, secret),
      };
      const answer = await fetch(url, { method: 'POST', body, headers });
      return { status: answer.status, body: (await answer.json()) as IDataObject };
    },
    executions: async () => Number(await ask('executions')),
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
