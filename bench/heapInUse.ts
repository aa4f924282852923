import { setTimeout as pause } from 'node:timers/promises';

import { z } from 'zod/v4';

/** Where Node listens for a debugger once it got the signal USR1 (nodejs.org, "Debugging Node.js"). */
const INSPECTOR = 'http://127.0.0.1:9229';
const ATTEMPTS = 50;
const PAUSE_MS = 100;

const targetsSchema = z.tuple([z.object({ webSocketDebuggerUrl: z.string() })]);
const answerSchema = z.object({ result: z.object({ result: z.object({ value: z.number() }).optional() }) });

/**
 * Collects a Node process's garbage and returns the bytes that its heap then still uses, buffers included. Resident memory
 * does not show it: V8 collects late and keeps pages for later. The process listens for a debugger on loopback from then on.
 */
export async function heapInUse(pid: number): Promise<number> {
  process.kill(pid, 'SIGUSR1');
  const socket = new WebSocket(await debuggerUrl());
  await new Promise((resolve, reject) => {
    socket.onopen = resolve;
    socket.onerror = reject;
  });
  try {
    // What waits to be finalized is free after the second.
    for (let round = 0; round < 2; round += 1) await call(socket, 'HeapProfiler.collectGarbage');
    const expression = '((used) => used.heapUsed + used.external)(process.memoryUsage())';
    const { result } = await call(socket, 'Runtime.evaluate', { expression });
    return result.result?.value ?? NaN;
  } finally {
    socket.close();
  }
}

async function debuggerUrl(): Promise<string> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const targets = await (await fetch(`${INSPECTOR}/json/list`)).json();
      return targetsSchema.parse(targets)[0].webSocketDebuggerUrl;
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
      await pause(PAUSE_MS);
    }
  }
}

/** One call of Chrome's DevTools protocol; nothing else is under way on this connection. */
async function call(socket: WebSocket, method: string, params: object = {}) {
  const answered = new Promise<unknown>((resolve) => {
    socket.onmessage = ({ data }) => {
      resolve(JSON.parse(String(data)));
    };
  });
  socket.send(JSON.stringify({ id: 1, method, params }));
  return answerSchema.parse(await answered);
}
