import { type FileHandle, open, stat } from 'node:fs/promises';

import { type Act, actIn } from './acts.js';

const CHUNK_BYTES = 1024 * 1024;

/**
 * Reads what the API server's audit log gets from now on. The log is rotated at a size that a run exceeds, and only the last
 * file is kept, so it has to be read while it grows.
 */
export class AuditTail {
  readonly acts: Act[] = [];
  private rest = '';
  private last: Promise<void> = Promise.resolve();
  private readonly buffer = Buffer.alloc(CHUNK_BYTES);

  private constructor(
    private readonly path: string,
    private file: FileHandle,
    private position: number,
  ) {}

  /** From the end of the file as it is. */
  static async start(path: string): Promise<AuditTail> {
    const file = await open(path);
    return new AuditTail(path, file, (await file.stat()).size);
  }

  /** Reads what was added, also to the file that took the log's place. */
  read(): Promise<void> {
    this.last = this.last.then(() => this.readNew());
    return this.last;
  }

  close(): Promise<void> {
    return this.file.close();
  }

  private async readNew(): Promise<void> {
    await this.readToEnd();
    const [now, mine] = await Promise.all([stat(this.path).catch(() => null), this.file.stat()]);
    if (now === null || now.ino === mine.ino) return;
    // Nothing more is written to a file that was rotated away.
    await this.readToEnd();
    await this.file.close();
    this.file = await open(this.path);
    this.position = 0;
    await this.readToEnd();
  }

  private async readToEnd(): Promise<void> {
    for (;;) {
      const { bytesRead } = await this.file.read(this.buffer, 0, CHUNK_BYTES, this.position);
      if (bytesRead === 0) return;
      this.position += bytesRead;
      // What is looked for is ASCII, so a character that is cut does not matter.
      const lines = (this.rest + this.buffer.toString('latin1', 0, bytesRead)).split('\n');
      this.rest = lines.pop() ?? '';
      this.acts.push(...lines.map(actIn).filter((act) => act !== null));
    }
  }
}
