import { z } from 'zod/v4';

import { sanitize } from '../../../core/text/sanitize';
import { hasCode, messageOf, PipelineError, type PipelineErrorCode } from '../../../core/errors';

/**
 * What the client throws for an answer other than 2xx: a status code and the body, still as text (client-node 2.0). A
 * call that was given up has a code as well, which is no status: 23, a DOMException's for a timeout.
 */
const apiExceptionSchema = z.object({ code: z.number().min(100), body: z.unknown() });

const statusSchema = z.object({ message: z.string() });

/** Where a ServiceAccount's rights come from, for those who have to add one. */
const RIGHTS = 'manifests/namespace and manifests/token';

/** How RBAC words a refusal; every other 403 is an admission policy's. */
const RBAC = /cannot \w+ resource/;

interface Call {
  /** What was attempted: "read pod playground/web". */
  what: string;
  server: string;
}

/** Runs a call to the API server; whatever goes wrong becomes a PipelineError that says what to do. */
export async function apiCall<T>(call: Call, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (thrown) {
    throw toPipelineError(call, thrown);
  }
}

function toPipelineError({ what, server }: Call, thrown: unknown): PipelineError {
  const answer = apiExceptionSchema.safeParse(thrown);
  if (!answer.success) {
    const reason = rootCause(thrown);
    return new PipelineError('unreachable', `could not ${what}: no answer from ${server} (${reason})`, {
      nextStep: "Check the API server's address and certificate in the credential, and that this n8n can reach it.",
      cause: thrown,
    });
  }
  const { code, body } = answer.data;
  const message = statusMessage(body);
  const { error, nextStep } = kindOf(code, what, message);
  return new PipelineError(error, `could not ${what}: ${server} answered ${code}: ${message}`, {
    nextStep,
    cause: thrown,
  });
}

/** How a patch is refused that names the uid of a pod which has a successor of the same name by now. */
const OTHER_UID = 'metadata.uid: Invalid value';

/** How what an admission policy judges is refused (422) while the API server, just started, cannot find its parameters. */
const POLICY_NOT_READY = 'failed to configure policy';

/** How a list by a field is refused (400) that the installed definition of the resource does not let clients select by. */
const UNKNOWN_FIELD = 'field label not supported';

function kindOf(answered: number, what: string, message: string): { error: PipelineErrorCode; nextStep: string } {
  const status = answered === 422 && message.includes(OTHER_UID) ? 409 : answered;
  switch (status) {
    case 401:
      return {
        error: 'forbidden',
        nextStep: 'The token has expired or is not of this cluster: create a new one and put it into the credential.',
      };
    case 403:
      return RBAC.test(message)
        ? {
            error: 'forbidden',
            nextStep: `The ServiceAccount may not ${what}: apply ${RIGHTS}, if the responder is meant to act there.`,
          }
        : { error: 'rejected', nextStep: 'An admission policy refused it: the message says why.' };
    case 404:
      return { error: 'not_found', nextStep: 'If it was not removed on purpose, check its name and namespace.' };
    case 409:
      return { error: 'conflict', nextStep: 'It changed in the meantime: run the step again.' };
    case 429:
      return message.includes('disruption budget')
        ? { error: 'rejected', nextStep: 'A PodDisruptionBudget protects the pod: wait until more replicas are ready.' }
        : { error: 'unreachable', nextStep: 'The API server has too much to do: run the step again.' };
    case 422:
    case 400:
      if (message.includes(UNKNOWN_FIELD))
        return { error: 'misconfigured', nextStep: 'Apply manifests/crds of this version, then run the step again.' };
      return message.includes(POLICY_NOT_READY)
        ? {
            error: 'unreachable',
            nextStep:
              'The API server cannot judge by an admission policy yet: wait until it has started, then run the step again. If that does not help, apply manifests/crds.',
          }
        : {
            error: 'rejected',
            nextStep: "An admission policy or the API server's validation refused it: the message says why.",
          };
    default:
      return {
        error: 'unreachable',
        nextStep: 'The API server failed: check its health, then run the step again.',
      };
  }
}

function statusMessage(body: unknown): string {
  try {
    const parsed = statusSchema.safeParse(typeof body === 'string' ? JSON.parse(body) : body);
    if (parsed.success) return sanitize(parsed.data.message, 1000);
  } catch {
    // Not JSON: shown as it is.
  }
  return sanitize(String(body), 300);
}

/** undici says "fetch failed" and keeps the reason in its cause. */
function rootCause(thrown: unknown): string {
  return thrown instanceof Error && thrown.cause !== undefined ? rootCause(thrown.cause) : messageOf(thrown);
}

/** What a call gives, or null when the API server has no such object. */
export async function unlessGone<T>(call: () => Promise<T>): Promise<T | null> {
  try {
    return await call();
  } catch (error) {
    if (hasCode(error, 'not_found')) return null;
    throw error;
  }
}
