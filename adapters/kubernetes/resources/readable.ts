import { forgetOldest } from '../../../core/forgetOldest';
import { PipelineError } from '../../../core/errors';
import { sanitize } from '../../../core/text/sanitize';
import type { KubernetesClient } from '../api/client';
import { wallTime } from '../api/clock';
import type { CustomObject } from '../api/customObjects';
import { recordOnce } from './events';

/** How many unreadable objects this process reports within an hour, so that many of them do not become many Events. */
const REPORTED = { most: 20, everyMs: 3_600_000 } as const;

const REASON = 'RecordUnreadable';
const LONGEST_MESSAGE = 900;

/** When this process last reported an object, by its uid; milliseconds of performance.now(). */
const reported = new WeakMap<KubernetesClient, Map<string, number>>();

export interface Readable<T> {
  read: T[];
  /** Why each of the others cannot be read, by name. */
  unreadable: ReadonlyMap<string, PipelineError>;
}

/**
 * Reads objects one by one. One that cannot be read keeps nobody from the others: an Event in the responder's namespace
 * names it, and it stays as it is.
 */
export async function readable<T>(
  client: KubernetesClient,
  objects: readonly CustomObject[],
  parse: (object: CustomObject) => T,
): Promise<Readable<T>> {
  const read: T[] = [];
  const unreadable = new Map<string, PipelineError>();
  for (const object of objects) {
    try {
      read.push(parse(object));
    } catch (error) {
      if (!(error instanceof PipelineError)) throw error;
      unreadable.set(object.metadata?.name ?? '', error);
      await report(client, object, error);
    }
  }
  return { read, unreadable };
}

async function report(client: KubernetesClient, { metadata }: CustomObject, error: PipelineError): Promise<void> {
  const known = reported.get(client) ?? new Map<string, number>();
  reported.set(client, known);
  const [key, now] = [metadata?.uid ?? metadata?.name ?? '', performance.now()];
  const isRecent = (at: number | undefined): boolean => at !== undefined && now - at < REPORTED.everyMs;
  // A Map keeps the order of insertion: the first is the one that was reported longest ago.
  const [oldest] = known.values();
  if (isRecent(known.get(key)) || (known.size >= REPORTED.most && isRecent(oldest))) return;
  known.delete(key);
  known.set(key, now);
  forgetOldest(known, REPORTED.most);
  await recordOnce(
    client,
    {
      reason: REASON,
      name: `unreadable-${metadata?.name ?? ''}`,
      message: sanitize(`${error.message}. ${error.nextStep}`, LONGEST_MESSAGE),
    },
    wallTime(),
  );
}
