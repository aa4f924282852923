import { Agent, type ClientRequest, type IncomingMessage, request as send, type ServerResponse } from 'node:http';
import type { Address } from './address';
import { answer } from './answer';
import { endToEnd, forN8n } from './headers';
import type { Lane, Limits } from './limits';
import type { Head } from './repeats/likeness';
import { COUNT_HEADER, type Permit, PERMIT_HEADER, readPermit } from './repeats/permit';
import type { Answer, Deliver } from './repeats/repeats';
import { type Upstream, Upstreams } from './upstreams';
import { URGENT_HEADER } from './urgent/urgency';

export interface GateUpstream extends Upstream {
  behindProxy: boolean;
}

/** A request that n8n is to answer. */
export interface Complete extends Head {
  method: string;
  lane: Lane;
  body?: Buffer;
}

export interface Forwarder {
  /**
   * Forwards a request to n8n and n8n's answer to the sender.
   * @param noted gets what n8n's answer says to the gate
   */
  forward: (request: Complete, response: ServerResponse, noted?: Noted) => void;
  /** Forwards a request that has been answered. */
  deliver: Deliver;
}

/** What n8n's answers say to the gate. */
interface Noted {
  /** Gets the whole answer if n8n permits the gate to give it again. */
  permitted: (answer: Answer) => void;
  /** Gets the header that says which requests are urgent, if there is one. */
  urgent: (header: string | string[] | undefined) => void;
}

/** n8n's answer to an alert has a few hundred bytes. */
const ANSWER_BYTES = 4 * 1024;
const DELIVERY_MILLISECONDS = 10_000;

/** Connects the gate with n8n. */
export function forwarder({ behindProxy, ...upstream }: GateUpstream, lanes: Limits['lanes']): Forwarder {
  const upstreams = new Upstreams(upstream);
  // One connection per request: n8n may close a kept connection at the moment an alert is written to it.
  const agentOf = (lane: Lane): Agent => new Agent({ keepAlive: false, maxSockets: lanes[lane] });
  const agents = { alerts: agentOf('alerts'), people: agentOf('people'), uploads: agentOf('uploads') };

  const open = (
    { host, port }: Address,
    { url, method, lane, body, ...from }: Complete,
    further = {},
  ): ClientRequest => {
    const length = body === undefined ? {} : { 'content-length': body.length };
    const headers = { ...forN8n(from, behindProxy), ...length, ...further };
    return send({ host, port, method, path: url, agent: agents[lane], headers });
  };

  /**
   * Sends a request to the first process that accepts the connection. One that accepted it may have taken the request, so
   * that no other gets it after that.
   * @param listen `sending` is called for each process that is tried, the others once
   */
  const sendTo = (
    request: Complete,
    listen: { sending?: (to: ClientRequest) => void; answered: (from: IncomingMessage) => void; failed: () => void },
    further = {},
  ): void => {
    const attempt = ([address, ...others]: readonly Address[]): void => {
      if (address === undefined) {
        listen.failed();
        return;
      }
      const sent = open(address, request, further);
      sent.on('response', listen.answered);
      sent.on('error', (error: NodeJS.ErrnoException) => {
        if (error.syscall === 'connect') attempt(others);
        else listen.failed();
      });
      listen.sending?.(sent);
      sent.end(request.body);
    };
    attempt(upstreams.of(request.url));
  };

  return {
    forward: (request, response, noted) => {
      let current: ClientRequest | undefined;
      response.once('close', () => current?.destroy());
      sendTo(request, {
        sending: (to) => (current = to),
        answered: (from) => {
          response.writeHead(from.statusCode ?? 502, endToEnd(from.headers));
          noted?.urgent(from.headers[URGENT_HEADER]);
          const permit = readPermit(from.headers[PERMIT_HEADER]);
          if (noted !== undefined && permit !== null)
            void readAnswer(from, permit).then((read) => {
              if (read !== null) noted.permitted(read);
            });
          from.pipe(response);
          from.on('error', () => response.destroy());
        },
        failed: () => {
          if (response.headersSent) response.destroy();
          else
            answer(response, 503, 'n8n does not answer. It may be starting: try again, and look at its log.', {
              'retry-after': '5',
            });
        },
      });
    },
    deliver: ({ others, ...held }) =>
      new Promise((resolve) => {
        sendTo(
          { ...held, method: 'POST', lane: 'alerts' },
          {
            sending: (to) => to.setTimeout(DELIVERY_MILLISECONDS, () => to.destroy()),
            answered: (from) => {
              if ((from.statusCode ?? 502) >= 500) resolve(null);
              void readAnswer(from, readPermit(from.headers[PERMIT_HEADER])).then(resolve);
            },
            failed: () => {
              resolve(null);
            },
          },
          { [COUNT_HEADER]: others },
        );
      }),
  };
}

/** Reads n8n's answer. Null if it breaks off; one that is longer than an answer to an alert is not given again. */
async function readAnswer(from: IncomingMessage, permit: Permit | null): Promise<Answer | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  return new Promise((resolve) => {
    from.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= ANSWER_BYTES) chunks.push(chunk);
    });
    from.once('close', () => {
      const { statusCode: status = 502, headers } = from;
      const whole = { status, type: headers['content-type'], body: Buffer.concat(chunks) };
      resolve(from.complete ? { ...whole, permit: size <= ANSWER_BYTES ? permit : null } : null);
    });
    from.on('error', () => undefined);
  });
}
