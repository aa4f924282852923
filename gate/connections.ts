import type { Socket } from 'node:net';
import type { Limits } from './limits';

/**
 * The open connections and the bytes of bodies that they hold. A connection is *waiting* while its sender has something
 * left to send, and *busy* from then until its answer has been sent. Waiting costs the sender nothing, so the
 * connection that has waited longest is evicted first: an honest request is complete within milliseconds, so no number
 * of unfinished requests keeps it out.
 */
export class Connections {
  /** In the order in which they started to wait, with the bytes that each holds. */
  readonly #waiting = new Map<Socket, number>();
  readonly #busy = new Map<Socket, number>();
  #held = 0;

  /** @param evicted is called with the reason each time a connection is evicted */
  constructor(
    private readonly limits: Pick<Limits, 'connections' | 'heldBytes' | 'smallBytes'>,
    private readonly evicted: (reason: string) => void,
  ) {}

  get count(): number {
    return this.#waiting.size + this.#busy.size;
  }

  get heldBytes(): number {
    return this.#held;
  }

  isBusy(socket: Socket): boolean {
    return this.#busy.has(socket);
  }

  /** Accepts a new connection. Closes it at once if all others are busy. */
  open(socket: Socket): void {
    if (this.count >= this.limits.connections) this.#evict(() => true, 'too many connections');
    if (this.count >= this.limits.connections) {
      this.evicted('every connection is busy');
      socket.destroy();
      return;
    }
    this.#waiting.set(socket, 0);
    socket.once('close', () => {
      this.#held -= (this.#waiting.get(socket) ?? 0) + (this.#busy.get(socket) ?? 0);
      this.#waiting.delete(socket);
      this.#busy.delete(socket);
    });
  }

  /** Counts bytes of a body that is still arriving. This may close the connection. */
  hold(socket: Socket, bytes: number): void {
    const held = this.#waiting.get(socket);
    if (held === undefined) return;
    this.#waiting.set(socket, held + bytes);
    this.#held += bytes;
    const { heldBytes, smallBytes } = this.limits;
    while (this.#held > heldBytes && this.#evict((each) => each > smallBytes, 'too much in memory'));
  }

  /** The request is complete: n8n processes it. */
  begin(socket: Socket): void {
    const held = this.#waiting.get(socket);
    if (held === undefined) return;
    this.#waiting.delete(socket);
    this.#busy.set(socket, held);
  }

  /** The answer has been sent: the connection waits for its sender again. */
  end(socket: Socket): void {
    const held = this.#busy.get(socket);
    if (held === undefined) return;
    this.#held -= held;
    this.#busy.delete(socket);
    this.#waiting.set(socket, 0);
  }

  #evict(mayGo: (held: number) => boolean, reason: string): boolean {
    for (const [socket, held] of this.#waiting) {
      if (!mayGo(held)) continue;
      // Its close event comes later, but its bytes are free now.
      this.#waiting.delete(socket);
      this.#held -= held;
      this.evicted(reason);
      socket.destroy();
      return true;
    }
    return false;
  }
}
