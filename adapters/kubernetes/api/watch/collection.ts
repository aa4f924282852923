import type { KubernetesListObject, KubernetesObject, ListWatch, Watch } from '@kubernetes/client-node';

import type { KubernetesClient } from '../client';
import { ageOf, moment } from '../clock';

/** The client reconnects after 30 s of silence (2.0.1): a watch that has been silent for longer may be dead. */
const TRUSTED_MS = 45_000;

/** How long a watch that broke rests before it is tried again: longer each time, since it may break because a right is missing. */
const RETRY_MS = { first: 1_000, most: 30_000 };

/** An object as a watch has it, and how long ago the watch last heard from the API server. */
interface Watched<T> {
  value: T;
  ageMs: number;
}

interface CollectionSource<T extends KubernetesObject> {
  /** Of the API, such as `/api/v1/namespaces/playground/pods`. */
  path: string;
  list: () => Promise<KubernetesListObject<T>>;
  /** The same that `list` selects by. An object that is changed so that it is not selected any more leaves the collection. */
  fieldSelector?: string;
}

/**
 * One kind of objects, kept up to date by a watch. It answers only while its word can be trusted; otherwise the caller
 * reads from the API server itself. It is started by its first use and never makes anybody wait.
 */
export class Collection<T extends KubernetesObject> {
  private informer: ListWatch<T> | undefined;
  private heardAt = { wall: -Infinity, monotonic: -Infinity };
  private brokenAt = -Infinity;
  private retryMs = RETRY_MS.first;
  /** Counts starts and stops, so that a start notices a newer one. */
  private starts = 0;
  private synced = false;
  private listing: Promise<Watched<T[]>> | undefined;

  constructor(
    private readonly client: KubernetesClient,
    private readonly source: CollectionSource<T>,
  ) {}

  /** Null when the collection cannot be trusted now, or has no such object: that too is worth a call. */
  get(name: string): Watched<T> | null {
    const all = this.list();
    const value = all?.value.find(({ metadata }) => metadata?.name === name);
    return all === null || value === undefined ? null : { value, ageMs: all.ageMs };
  }

  list(): Watched<T[]> | null {
    if (!this.client.watch || this.client.dropped.aborted) return null;
    void this.start();
    const ageMs = ageOf(this.heardAt);
    if (!this.synced || this.informer === undefined || ageMs > TRUSTED_MS) return null;
    return { value: [...this.informer.list()], ageMs };
  }

  /** All of them; where the watch cannot be trusted they are listed once for all who ask meanwhile. */
  async all(): Promise<Watched<T[]>> {
    const watched = this.list();
    if (watched !== null) return watched;
    // A storm of alerts right after the start must not have the API server send everything to each of them.
    this.listing ??= this.listNow().finally(() => {
      this.listing = undefined;
    });
    return this.listing;
  }

  private async listNow(): Promise<Watched<T[]>> {
    const startedAt = performance.now();
    const { items } = await this.source.list();
    return { value: items, ageMs: Math.round(performance.now() - startedAt) };
  }

  private async start(): Promise<void> {
    if (this.informer !== undefined || performance.now() - this.brokenAt < this.retryMs) return;
    // Set before the first await, so that a second caller does not start a second one.
    this.brokenAt = Infinity;
    const started = (this.starts += 1);
    const sdk = await import('@kubernetes/client-node');
    if (this.starts !== started) return;
    const heard = (): void => {
      this.heardAt = moment();
    };
    const watch = new (class extends sdk.Watch {
      override watch: Watch['watch'] = async (path, query, callback, done) => {
        const heardAndCallback: typeof callback = (phase, object, whole) => {
          heard();
          callback(phase, object, whole);
        };
        const controller = await super.watch(path, query, heardAndCallback, done);
        heard();
        return controller;
      };
    })(this.client.configuration);
    const list = async (): Promise<KubernetesListObject<T>> => {
      const items = await this.source.list();
      heard();
      return items;
    };
    const { path, fieldSelector } = this.source;
    const informer = new sdk.ListWatch<T>(
      `${path}?allowWatchBookmarks=true`,
      watch,
      list,
      false,
      undefined,
      fieldSelector,
    );
    informer.on('error', () => {
      // One that was stopped reports its own end as an error.
      if (this.informer !== informer) return;
      const rest = Math.min(this.retryMs * 2, RETRY_MS.most);
      this.stop();
      this.brokenAt = performance.now();
      this.retryMs = rest;
    });
    this.informer = informer;
    await informer.start();
    // An error has taken the informer away again, or it was stopped while it listed: then it has begun to watch all the same.
    this.synced = this.informer === informer;
    if (this.synced) this.retryMs = RETRY_MS.first;
    else await informer.stop();
  }

  stop(): void {
    this.starts += 1;
    this.synced = false;
    void this.informer?.stop();
    this.informer = undefined;
    this.brokenAt = -Infinity;
    this.retryMs = RETRY_MS.first;
  }
}
