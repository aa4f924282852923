import type { ServerResponse } from 'node:http';
import { repeat } from './answer';
import type { Forwarder } from './forward';
import type { Head } from './repeats/likeness';
import { pathOf, type Reserved } from './reserved';
import { type RepeatLimits, Repeats } from './repeats/repeats';
import { TURN_LIMITS, type TurnLimits, Turns } from './urgent/turns';
import { Urgent } from './urgent/urgency';

interface AlertLimits {
  repeats?: RepeatLimits | undefined;
  turns?: TurnLimits | undefined;
  /** n8n's processes that share the other webhooks; one if unset. */
  processes?: number | undefined;
  /** Webhooks with processes of their own: they wait for nobody else's requests, and nobody for theirs. */
  reserved?: Reserved | undefined;
}

/** Requests to webhooks: repeats are answered here, urgent ones go to n8n first, the others in their turn. */
export class Alerts {
  readonly repeats: Repeats;
  readonly #urgent = new Urgent();
  readonly #turns: Turns;
  readonly #ownTurns: ReadonlyMap<string, Turns>;

  /** @param lost is called with the number of requests that were answered and that n8n never took */
  constructor(
    private readonly forwarder: Forwarder,
    lost: (count: number) => void,
    limits: AlertLimits,
  ) {
    this.repeats = new Repeats(forwarder.deliver, lost, limits.repeats);
    this.#turns = new Turns(forProcesses(limits.turns, limits.processes));
    this.#ownTurns = new Map(
      [...(limits.reserved ?? [])].map(([path, { length }]) => [path, new Turns(forProcesses(limits.turns, length))]),
    );
  }

  /** Answers a POST that is complete. */
  receive(head: Head, body: Buffer, response: ServerResponse): void {
    const known = this.repeats.answerTo(head, body);
    if (known !== null) {
      repeat(response, known);
      return;
    }
    const start = (ended: () => void): void => {
      response.once('close', ended);
      // Its sender may have left while it waited.
      if (response.destroyed) ended();
      else this.#forward(head, body, response);
    };
    const turns = this.#ownTurns.get(pathOf(head.url)) ?? this.#turns;
    if (this.#urgent.isUrgent(head, body)) turns.urgent(start);
    else turns.inTurn(start);
  }

  #forward(head: Head, body: Buffer, response: ServerResponse): void {
    this.forwarder.forward({ ...head, method: 'POST', lane: 'alerts', body }, response, {
      permitted: (answer) => {
        this.repeats.learn(head, body, answer);
      },
      urgent: (header) => {
        this.#urgent.learn(head, body, header);
      },
    });
  }
}

/** The limit is each process's. */
const forProcesses = (limits: TurnLimits = TURN_LIMITS, processes = 1): TurnLimits => ({
  ...limits,
  together: limits.together * processes,
});
