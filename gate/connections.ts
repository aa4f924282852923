import type { Socket } from 'node:net';
import type { Limits } from './limits';

/**
 * The open connections and the bytes of bodies that they hold. A connection is *waiting* while its sender has something
 * left to send, and *busy* from then until its answer is out. Waiting costs the sender nothing, so the one that has waited
 * longest gives way: an honest request is complete within milliseconds, and no number of unfinished ones keeps it out.
 */
export class Connections {
  /** In the order in which they began to wait, with the bytes that each holds. */
  readonly #waiting = new Map<Socket, number>();
  readonly #busy = new Map<Socket, number>();
  #held = 0;

  /** @param evicted is called with the reason each time that a connection gives way */
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

  /** Takes a new connection. Closes it at once where all others are busy. */
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

  /** Counts bytes of a body that is still arriving. The connection may be closed by it. */
  hold(socket: Socket, bytes: number): void {
    const held = this.#waiting.get(socket);
    if (held === undefined) return;
    this.#waiting.set(socket, held + bytes);
    this.#held += bytes;
    const { heldBytes, smallBytes } = this.limits;
    while (this.#held > heldBytes && this.#evict((each) => each > smallBytes, 'too much in memory'));
  }

  /** The request is complete: n8n's turn. */
  begin(socket: Socket): void {
    const held = this.#waiting.get(socket);
    if (held === undefined) return;
    this.#waiting.delete(socket);
    this.#busy.set(socket, held);
  }

  /** The answer is out: the sender's turn again. */
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
      // Its close event comes later; what it held is free now.
      this.#waiting.delete(socket);
      this.#held -= held;
      this.evicted(reason);
      socket.destroy();
      return true;
    }
    return false;
  }
}
