import type { Asked } from './answer.js';
import { parsedJson } from './json.js';

const KEPT = 1000;

/** A request as it came, without what proves who sent it. */
export interface SeenRequest {
  method: string;
  path: string;
  query: string;
  headers: Record<string, string | string[] | undefined>;
  /** Parsed where it is JSON. */
  body: unknown;
  /** `-` where the connection was ended without one. */
  status: string;
}

/** The last requests, oldest first. */
export class Requests {
  private seen: SeenRequest[] = [];

  add({ method, path, query, headers: { authorization: _, ...headers }, body }: Asked, status: string): void {
    const text = body.toString('utf8');
    this.seen.push({ method, path, query: query.toString(), headers, body: parsedJson(text) ?? text, status });
    if (this.seen.length > KEPT) this.seen.shift();
  }

  all(): readonly SeenRequest[] {
    return this.seen;
  }

  clear(): void {
    this.seen = [];
  }
}
