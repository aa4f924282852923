import { randomUUID } from 'node:crypto';
import type { CreateTask, Entity } from './requestSchema.js';
import type { Script } from './script.js';
import type { NeoUser } from './settings.js';

/** What the agent says of itself: AgentBackendEvent, without its time. */
export type AgentEvent = { type: string } & Record<string, unknown>;

/** AgentConsoleEvent. */
export interface ConsoleEvent {
  id: string;
  type: 'userInput' | 'agentResponse';
  isSynthetic: boolean;
  eventBody: AgentEvent & { timestamp: string };
}

/** An approval that the agent waits for. */
interface Waiting {
  id: string;
  answer: (ok: boolean) => void;
}

/** A task and what has been said in it. */
export class Task {
  readonly id = randomUUID();
  readonly createdAt = new Date();
  readonly events: ConsoleEvent[] = [];
  name: string;
  isShared = false;
  approvalMode: NonNullable<CreateTask['approvalMode']>;
  permissionMode: CreateTask['permissionMode'];
  entities: Entity[];
  /** Whether the agent's turn goes on, be it that it waits for an approval. */
  isOngoing = false;
  waiting: Waiting | undefined;
  private readonly watchers = new Set<() => void>();

  constructor(
    readonly organization: string,
    readonly createdBy: NeoUser,
    /** As it was asked for. */
    readonly request: CreateTask,
    readonly script: Script,
    defaults: { approvalMode: NonNullable<CreateTask['approvalMode']>; entities: Entity[] },
  ) {
    this.name = request.message.content.slice(0, 60);
    this.approvalMode = request.approvalMode ?? defaults.approvalMode;
    this.permissionMode = request.permissionMode;
    this.entities = defaults.entities;
  }

  get status(): 'running' | 'idle' {
    if (!this.isOngoing) return 'idle';
    return this.waiting === undefined ? 'running' : this.script.statusWhileWaiting;
  }

  userSays(eventBody: AgentEvent & { timestamp: string }): void {
    this.add({ type: 'userInput', eventBody });
  }

  agentSays(event: AgentEvent): void {
    this.add({ type: 'agentResponse', eventBody: { ...event, timestamp: new Date().toISOString() } });
  }

  /** Calls back after each event and each change of the status. Returns what ends that. */
  watch(watcher: () => void): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  changed(): void {
    for (const watcher of [...this.watchers]) watcher();
  }

  private add(event: Pick<ConsoleEvent, 'type' | 'eventBody'>): void {
    this.events.push({ id: randomUUID(), isSynthetic: false, ...event });
    this.changed();
  }
}
