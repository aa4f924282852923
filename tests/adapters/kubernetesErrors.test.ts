import { ApiException } from '@kubernetes/client-node';

import { apiCall } from '../../adapters/kubernetes/api/errors';
import type { PipelineErrorCode } from '../../core/errors';

/** What the API server's refusal with this code and message becomes. */
const refused = (code: number, message: string): Promise<unknown> =>
  apiCall({ what: 'create networkpolicy shop/quarantine', server: 'https://k8s' }, () =>
    Promise.reject(new ApiException(code, 'Unsuccessful HTTP Request', JSON.stringify({ message }), {})),
  );

// Messages as kube-apiserver words them.
test.each<[number, string, PipelineErrorCode, string]>([
  [
    422,
    "networkpolicies.networking.k8s.io \"quarantine\" is forbidden: ValidatingAdmissionPolicy 'quarantined-pods' denied request: failed to configure policy: failed to find resource referenced by paramKind: 'incident-pipeline.internal/v1alpha1, Kind=Quarantine'",
    'unreachable',
    'wait until it has started',
  ],
  [
    422,
    "networkpolicies.networking.k8s.io \"ours\" is forbidden: ValidatingAdmissionPolicy 'quarantined-pods' with binding 'quarantined-pods' denied request: no",
    'rejected',
    'the message says why',
  ],
  [422, 'Pod "web" is invalid: metadata.uid: Invalid value: "1": field is immutable', 'conflict', 'run the step again'],
  [403, 'pods "web" is forbidden: User "n8n" cannot delete resource "pods"', 'forbidden', 'may not'],
])('apiCall: %i %s is %s', async (code, message, expected, nextStep) => {
  await expect(refused(code, message)).rejects.toMatchObject({
    code: expected,
    nextStep: expect.stringContaining(nextStep) as string,
  });
});

test('apiCall: a call that was given up says that there was no answer', async () => {
  // What AbortSignal.timeout makes of a call; its code is 23.
  const timeout = new DOMException('The operation was aborted due to timeout', 'TimeoutError');
  const given = apiCall({ what: 'read pod shop/web', server: 'https://k8s' }, () => Promise.reject(timeout));
  await expect(given).rejects.toMatchObject({
    code: 'unreachable',
    message: expect.stringMatching(/no answer from https:.*The operation was aborted due to timeout/) as string,
  });
});
