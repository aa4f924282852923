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
