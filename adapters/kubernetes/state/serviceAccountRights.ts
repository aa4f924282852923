import { RIGHTS_ASKED, type RightAnswers, type RightAsked } from '../../../core/facts/rights';
import { forgetOldest } from '../../../core/forgetOldest';
import { PipelineError } from '../../../core/errors';
import type { KubernetesClient } from '../api/client';
import { apiCall } from '../api/errors';
import type { Right } from '../api/rights';

/** A question to the API server, which stores and changes nothing. */
export const SERVICE_ACCOUNT_RIGHTS_RIGHTS: readonly Right[] = [
  { apiGroup: 'authorization.k8s.io', resource: 'subjectaccessreviews', verb: 'create' },
];

/** For how long answers count, milliseconds: all of them, and those of which one is missing; and of how many ServiceAccounts. */
const REMEMBERED = { answeredMs: 60_000, missingMs: 5_000, accounts: 500 } as const;

interface Remembered {
  answers: Promise<RightAnswers>;
  until: number;
}

const ofClient = new WeakMap<KubernetesClient, Map<string, Remembered>>();

/**
 * What a ServiceAccount may do, by a SubjectAccessReview for each question, all side by side. A question that is not answered
 * within the time is null.
 * @param waitMs the time, milliseconds
 */
export async function serviceAccountRights(
  client: KubernetesClient,
  namespace: string,
  name: string,
  waitMs: number,
): Promise<RightAnswers> {
  const remembered = ofClient.get(client) ?? new Map<string, Remembered>();
  ofClient.set(client, remembered);
  const key = `${namespace}/${name}`;
  const known = remembered.get(key);
  if (known !== undefined && performance.now() < known.until) return known.answers;
  const answers = Promise.all(RIGHTS_ASKED.map((right) => within(waitMs, ask(client, namespace, name, right))));
  const entry = { answers, until: performance.now() + REMEMBERED.answeredMs };
  remembered.delete(key);
  remembered.set(key, entry);
  forgetOldest(remembered, REMEMBERED.accounts);
  if ((await answers).includes(null)) entry.until = performance.now() + REMEMBERED.missingMs;
  return answers;
}

async function ask(
  client: KubernetesClient,
  namespace: string,
  name: string,
  { verb, group, resource, subresource, scope }: RightAsked,
): Promise<boolean | null> {
  try {
    const { status } = await apiCall(
      { what: `ask what ServiceAccount ${namespace}/${name} may do`, server: client.server },
      () =>
        client.authorization.createSubjectAccessReview({
          body: {
            apiVersion: 'authorization.k8s.io/v1',
            kind: 'SubjectAccessReview',
            spec: {
              user: `system:serviceaccount:${namespace}:${name}`,
              // Those that the API server gives to every ServiceAccount (kubernetes.io, "Authenticating").
              groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
              resourceAttributes: {
                ...(scope === 'namespace' ? { namespace } : {}),
                verb,
                group,
                resource,
                ...(subresource === undefined ? {} : { subresource }),
              },
            },
          },
        }),
    );
    if (status === undefined) return null;
    // An authorizer that failed has not said no.
    return status.allowed || (status.evaluationError ?? '') === '' ? status.allowed : null;
  } catch (error) {
    if (error instanceof PipelineError) return null;
    throw error;
  }
}

async function within<T>(waitMs: number, answer: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, waitMs, null);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
