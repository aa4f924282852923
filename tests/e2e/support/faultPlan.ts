import type { StatusCode } from './statusAnswer';

/** `reset`: the connection is cut by a TCP reset. `timeout`: no answer ever comes. A number: the API server's refusal. */
export type Fault = 'reset' | 'timeout' | StatusCode;

/** `before`: the call never reaches the API server. `after`: it was carried out, and its answer is lost or replaced. */
export type When = 'before' | 'after';

/** One call as it came. */
export interface Call {
  /** From 1, in order of arrival since the plan began. */
  number: number;
  method: string;
  /** Without the query. */
  path: string;
  query: string;
  /** Which call of this method and path it is, from 1. */
  occurrence: number;
  /** What was done to it, or null when it was passed on. */
  injected: Injection | null;
}

/** The n-th call, or every call that has all of these. Calls that are made side by side have no fixed order. */
export type CallMatch = number | Partial<Pick<Call, 'method' | 'path' | 'occurrence'>>;

export interface Injection {
  call: CallMatch;
  fault: Fault;
  when: When;
  /** An outage: every call that comes after the first one hit is hit as well. */
  lasting?: boolean;
  /** Called at the moment of the fault. */
  onHit?: () => void;
}

/** What is done to calls, and a record of them. */
export class FaultPlan {
  readonly calls: Call[] = [];

  constructor(private readonly injections: readonly Injection[]) {}

  /** Records a call and decides about it. */
  take(method: string, url: string): Call {
    const { pathname: path, search: query } = new URL(url, 'https://any');
    const occurrence = 1 + this.calls.filter((call) => call.method === method && call.path === path).length;
    const call: Call = { number: this.calls.length + 1, method, path, query, occurrence, injected: null };
    call.injected = this.injections.find((injection) => this.hits(injection, call)) ?? null;
    this.calls.push(call);
    return call;
  }

  private hits(injection: Injection, call: Call): boolean {
    if (injection.lasting === true && this.calls.some(({ injected }) => injected === injection)) return true;
    const { call: match } = injection;
    if (typeof match === 'number') return call.number === match;
    return (['method', 'path', 'occurrence'] as const).every(
      (key) => match[key] === undefined || match[key] === call[key],
    );
  }
}
