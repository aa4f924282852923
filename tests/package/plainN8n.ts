import { mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { execa, type ResultPromise } from 'execa';
import { z } from 'zod/v4';

import { n8nProgram } from '../../cluster/local/components.js';
import { StackError } from '../../cluster/local/errors.js';
import { HOST } from '../../cluster/local/process/ports.js';
import { until } from '../../cluster/local/process/wait.js';
import { freePort } from '../support/freePort.js';

/** On a busy machine; the first start creates the database. */
const START_SECONDS = 300;
const OWNER = { email: 'owner@example.com', firstName: 'Ada', lastName: 'Owner', password: 'Owner-of-a-plain-n8n-1' };
const HEADERS = { 'content-type': 'application/json', 'browser-id': 'package' };

const stored = z.object({ data: z.object({ versionId: z.string(), active: z.boolean() }) });

type Kind = 'start' | 'worker' | 'webhook';
export type Variables = Readonly<Record<string, string>>;

/** An n8n as npm installs it: its settings are n8n's defaults but for its folder, its ports, and what a test adds. */
export class PlainN8n {
  private readonly running: ResultPromise[] = [];
  private cookie = '';
  private url = '';

  /**
   * @param project where n8n is installed
   * @param folder for its database, its packages and its logs
   */
  constructor(
    private readonly project: string,
    private readonly folder: string,
    private readonly settings: Variables,
  ) {}

  /** Starts a process and waits until it is ready. Returns its URL. */
  async start(kind: Kind = 'start', more: Variables = {}): Promise<string> {
    await mkdir(this.folder, { recursive: true });
    await rm(this.logOf(kind), { force: true });
    const [port, broker] = [String(await freePort()), String(await freePort())];
    const log = { file: this.logOf(kind), append: true };
    const child = execa(process.execPath, [n8nProgram(this.project), kind], {
      env: { ...this.environment(), ...more, N8N_RUNNERS_BROKER_PORT: broker, ...portOf(kind, port) },
      extendEnv: false,
      reject: false,
      forceKillAfterDelay: 10_000,
      stdin: 'ignore',
      stdout: log,
      stderr: log,
    });
    this.running.push(child);
    let ended = false;
    void child.finally(() => (ended = true));
    const url = `http://${HOST}:${port}`;
    await until(`n8n ${kind} ready at ${url}`, START_SECONDS, async () => {
      if (ended) throw new StackError(`n8n ${kind} ended:\n${await this.log(kind)}`, 'Read its log.');
      return (await fetch(`${url}/healthz/readiness`)).ok || undefined;
    });
    if (kind === 'start') this.url = url;
    return url;
  }

  /** Ends every process that runs. */
  async stop(): Promise<void> {
    const children = this.running.splice(0);
    for (const child of children) child.kill();
    await Promise.all(children);
  }

  /** Runs one of n8n's commands to its end, and returns what it printed. */
  async command(...arguments_: string[]): Promise<string> {
    const { all } = await execa(process.execPath, [n8nProgram(this.project), ...arguments_], {
      env: { ...this.environment(), N8N_RUNNERS_BROKER_PORT: String(await freePort()) },
      extendEnv: false,
      all: true,
    });
    return all;
  }

  log(kind: Kind = 'start'): Promise<string> {
    return readFile(this.logOf(kind), 'utf8');
  }

  /** Asks n8n as its editor does, as the owner. */
  async rest(method: 'GET' | 'POST', path: string, body?: object): Promise<unknown> {
    if (this.cookie === '') this.cookie = await this.signIn();
    return (await this.request(method, path, body)).json();
  }

  /** Publishes a workflow as the editor does, and says whether it is published then. */
  async publish(id: string): Promise<boolean> {
    const { data } = stored.parse(await this.rest('GET', `/rest/workflows/${id}`));
    const published = await this.rest('POST', `/rest/workflows/${id}/activate`, { versionId: data.versionId });
    return stored.parse(published).data.active;
  }

  /** The first time, the owner is created. */
  private async signIn(): Promise<string> {
    const { email, password } = OWNER;
    const answer = await this.request('POST', '/rest/owner/setup', OWNER).catch(() =>
      this.request('POST', '/rest/login', { emailOrLdapLoginId: email, password }),
    );
    await answer.body?.cancel();
    return answer.headers
      .getSetCookie()
      .map((line) => line.split(';')[0])
      .join('; ');
  }

  private async request(method: string, path: string, body?: object): Promise<Response> {
    const headers = { ...HEADERS, cookie: this.cookie };
    const answer = await fetch(this.url + path, { method, headers, ...(body && { body: JSON.stringify(body) }) });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer;
  }

  private logOf(kind: Kind): string {
    return join(this.folder, `${kind}.log`);
  }

  private environment(): Variables {
    return {
      // n8n starts `npm` and its task runner by name.
      PATH: [dirname(process.execPath), process.env.PATH].join(':'),
      HOME: process.env.HOME ?? this.folder,
      N8N_USER_FOLDER: this.folder,
      N8N_ENCRYPTION_KEY: 'of-a-plain-n8n-that-lasts-for-one-run',
      N8N_LISTEN_ADDRESS: HOST,
      N8N_WORKER_SERVER_ADDRESS: HOST,
      N8N_DIAGNOSTICS_ENABLED: 'false',
      NODE_ENV: 'production',
      ...this.settings,
    };
  }
}

const portOf = (kind: Kind, port: string): Variables =>
  kind === 'worker' ? { QUEUE_HEALTH_CHECK_ACTIVE: 'true', QUEUE_HEALTH_CHECK_PORT: port } : { N8N_PORT: port };
