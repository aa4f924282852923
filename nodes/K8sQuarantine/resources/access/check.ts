import { recordOnce } from '../../../../adapters/kubernetes/resources/events';
import { type Access, checkAccess } from '../../../../adapters/kubernetes/api/whoAmI';
import { escapeHtml } from '../../../shared/html';
import { done, type Operation, toEscalate } from '../operation';

/** Says who the responder is and how long its token lives; one that ends soon leaves an Event and goes to *escalate*. */
export const check: Operation = {
  name: 'Check',
  value: 'check',
  action: 'Check access to the API server',
  description: 'Say whose token it is and how long it lives; one that ends soon leaves by escalate',
  run: async ({ context, client, json }) => {
    const now = new Date();
    const access = await checkAccess(client, now);
    context.addExecutionHints({ message: accessInWords(access), type: 'info', location: 'outputPane' });
    if (access.warning === null) return done({ ...json, access });
    const name = `token-ends-${String(Date.parse(access.tokenExpires ?? ''))}`;
    await recordOnce(client, { reason: 'TokenEndsSoon', name, message: access.warning }, now);
    return toEscalate({ ...json, access });
  },
};

/** Shown beside the result: n8n shows no more of a credential's test that passed than that it passed. */
function accessInWords({ user, server, tokenExpires, renewed }: Access): string {
  const life = tokenExpires === null ? 'The token does not say when it ends' : `The token ends at ${tokenExpires}`;
  return `Connected to ${escapeHtml(server)} as ${escapeHtml(user)}. ${life}${renewed ? ' and is renewed by the kubelet' : ''}.`;
}
