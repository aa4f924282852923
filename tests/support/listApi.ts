import type { ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

import { type RunningServer, serve } from './httpServer';

/** An API server that answers lists at once, or when it is told to, and keeps watches open. */
export interface ListApi extends RunningServer {
  open: Map<ServerResponse, string>;
  lists: ServerResponse[];
}

export async function listApi({ holdLists = false } = {}): Promise<ListApi> {
  const open = new Map<ServerResponse, string>();
  const lists: ServerResponse[] = [];
  const server = await serve((request, response) => {
    const token = request.headers.authorization ?? '';
    response.setHeader('Content-Type', 'application/json');
    if (new URL(request.url ?? '', 'http://server').searchParams.get('watch') === 'true') {
      open.set(response, token);
      response.on('close', () => open.delete(response));
      response.flushHeaders();
      return;
    }
    lists.push(response);
    if (!holdLists) answerList(response);
  });
  return { ...server, open, lists };
}

export function answerList(response: ServerResponse): void {
  response.end(
    JSON.stringify({ apiVersion: 'v1', kind: 'NamespaceList', metadata: { resourceVersion: '1' }, items: [] }),
  );
}

/** Polls: what is waited for comes over a socket. */
export async function untilSo(what: string, isSo: () => boolean): Promise<void> {
  for (let tries = 0; !isSo(); tries += 1) {
    if (tries > 500) throw new Error(`not so: ${what}`);
    await pause(10);
  }
}
