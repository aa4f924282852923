import { CountedMatches } from '../../../app/exceptions/countedMatches';
import type { Alert } from '../../../core/incident/alert';
import { type Exception, exceptionSchema, type ExceptionStatus } from '../../../core/incident/exception';
import { CUSTOM_RESOURCES, NAMESPACES } from '../../../core/names';
import { candidates, matches } from '../../../core/policy/exceptions/match';
import type { KubernetesClient } from '../api/client';
import { atVersion, type CustomObject, readObject, readOwn, replaceStatus } from '../api/customObjects';
import { unlessGone } from '../api/errors';
import { oncePerObject } from '../../../core/oncePerObject';
import type { Right } from '../api/rights';
import { updateWithRetry } from '../api/updateWithRetry';
import { responderWatches } from '../api/watch/watches';
import { observePod } from '../state/observePod';
import { readable } from './readable';

const PLURAL = CUSTOM_RESOURCES.exceptions;

/** Neither create nor delete: what silences alerts is for people to decide. */
export const EXCEPTION_RIGHTS: readonly Right[] = [
  { apiGroup: CUSTOM_RESOURCES.group, resource: PLURAL, verb: 'get' },
  { apiGroup: CUSTOM_RESOURCES.group, resource: PLURAL, verb: 'list' },
  { apiGroup: CUSTOM_RESOURCES.group, resource: `${PLURAL}/status`, verb: 'update' },
];

/** For how long nobody asks again after exceptions could not be listed: alerts then go the way without any. */
const REST_MS = 30_000;
const restsUntil = new WeakMap<KubernetesClient, number>();

/**
 * All exceptions that can be read, from the watch. One that somebody spoiled must not keep the others from counting.
 * @throws PipelineError when they cannot be listed; soon after it none, without a call
 */
export async function listExceptions(client: KubernetesClient): Promise<Exception[]> {
  const { exceptions } = responderWatches(client);
  if (exceptions.list() === null && performance.now() < (restsUntil.get(client) ?? 0)) return [];
  try {
    return (await readable(client, (await exceptions.all()).value, parseOnce)).read;
  } catch (error) {
    restsUntil.set(client, performance.now() + REST_MS);
    throw error;
  }
}

/** The exceptions for an alert's rule and namespace. @throws PipelineError when exceptions cannot be read */
export async function possibleExceptions(client: KubernetesClient, alert: Alert, now: Date): Promise<Exception[]> {
  return alert.target === null ? [] : candidates(await listExceptions(client), alert, now);
}

/**
 * The exception that matches an alert and the pod that it names. The pod is only looked at where one is for its rule.
 * @throws PipelineError when exceptions or the pod cannot be read
 */
export async function findException(client: KubernetesClient, alert: Alert, now: Date): Promise<Exception | null> {
  return matchAmong(client, alert, await possibleExceptions(client, alert, now));
}

/** The one of the possible exceptions that matches the pod as well. @throws PipelineError when the pod cannot be read */
export async function matchAmong(
  client: KubernetesClient,
  alert: Alert,
  possible: readonly Exception[],
): Promise<Exception | null> {
  if (alert.target === null || possible.length === 0) return null;
  const pod = await observePod(client, alert.target);
  return (pod && possible.find(({ spec }) => matches(spec, alert, pod))) ?? null;
}

/** Of each client: what its process counted. */
const counted = new WeakMap<KubernetesClient, CountedMatches>();

/** Adds events to an exception's status, at most one write in a few minutes for each. Does not throw for the API server. */
export async function countMatches(client: KubernetesClient, name: string, events: number, now: Date): Promise<void> {
  const known = counted.get(client) ?? new CountedMatches(writer(client));
  counted.set(client, known);
  await known.add(name, events, now);
}

const writer =
  (client: KubernetesClient) =>
  async (name: string, events: number, lastMatched: Date): Promise<void> => {
    await update(client, name, (status) => ({
      ...status,
      matches: status.matches + events,
      lastMatched: later(status.lastMatched, lastMatched.toISOString()),
    }));
  };

/** Changes the status of each; one that somebody deleted has none. @throws PipelineError when one cannot be written */
export async function changeExceptions(
  client: KubernetesClient,
  names: readonly string[],
  change: (status: ExceptionStatus) => ExceptionStatus,
): Promise<void> {
  for (const name of names) await update(client, name, change);
}

/** Beyond so many lost races something else is wrong. */
const ATTEMPTS = 5;

/** Changes a status, whatever another worker wrote. What is given back as it is is not written. */
async function update(
  client: KubernetesClient,
  name: string,
  change: (status: ExceptionStatus) => ExceptionStatus,
): Promise<void> {
  await updateWithRetry({
    attempts: ATTEMPTS,
    read: () => read(client, name),
    write: async (current) => {
      if (current === null) return;
      const status = change(current.status);
      if (status === current.status) return;
      await replaceStatus(client, PLURAL, atVersion(asBody(current), current.metadata, status));
    },
  });
}

function read(client: KubernetesClient, name: string): Promise<Exception | null> {
  return unlessGone(async () => parse(await readObject(client, PLURAL, name)));
}

const asBody = ({ metadata, spec }: Exception) => ({
  apiVersion: CUSTOM_RESOURCES.apiVersion,
  kind: 'Exception',
  metadata: { name: metadata.name, namespace: NAMESPACES.responder },
  spec,
});

const later = (one: string | undefined, other: string): string => (one !== undefined && one > other ? one : other);

const parse = (object: CustomObject): Exception => readOwn(exceptionSchema, 'Exception', object);
const parseOnce = oncePerObject(parse);
