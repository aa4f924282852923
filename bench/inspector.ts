import { setTimeout as pause } from 'node:timers/promises';

import { z } from 'zod/v4';

/** Where Node listens for a debugger once it got the signal USR1 (nodejs.org, "Debugging Node.js"). */
const INSPECTOR = 'http://127.0.0.1:9229';
const ATTEMPTS = 50;
const PAUSE_MS = 100;

const targetsSchema = z.tuple([z.object({ webSocketDebuggerUrl: z.string() })]);
const answerSchema = z.object({ result: z.unknown() });

/** A connection to a Node process by Chrome's DevTools protocol. The process listens for a debugger on loopback from then on. */
export class Inspector {
  private constructor(private readonly socket: WebSocket) {}

  static async open(pid: number): Promise<Inspector> {
    process.kill(pid, 'SIGUSR1');
    const socket = new WebSocket(await debuggerUrl());
    await new Promise((resolve, reject) => {
      socket.onopen = resolve;
      socket.onerror = reject;
    });
    return new Inspector(socket);
  }

  /** One call; nothing else is under way on this connection. Returns its result. */
  async call(method: string, params: object = {}): Promise<unknown> {
    const answered = new Promise<unknown>((resolve) => {
      this.socket.onmessage = ({ data }) => {
        resolve(JSON.parse(String(data)));
      };
    });
    this.socket.send(JSON.stringify({ id: 1, method, params }));
    return answerSchema.parse(await answered).result;
  }

  close(): void {
    this.socket.close();
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
