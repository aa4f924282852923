import { checkAccess } from '../../../../app/checkAccess';
import type { Access } from '../../../../app/ports';
import { now } from '../../../shared/clock';
import { escapeHtml } from '../../../../core/text/html';
import { done, type Operation, toEscalate } from '../operation';

/** Says who the responder is and how long its token lives; one that ends soon leaves an Event and goes to *escalate*. */
export const check: Operation = {
  name: 'Check',
  value: 'check',
  action: 'Check access to the API server',
  description: 'Say whose token it is and how long it lives; one that ends soon leaves by escalate',
  run: async ({ context, cluster, json }) => {
    const access = await checkAccess(cluster, now());
    context.addExecutionHints({ message: accessInWords(access), type: 'info', location: 'outputPane' });
    return (access.warning === null ? done : toEscalate)({ ...json, access });
  },
};

/** Shown beside the result: n8n shows no more of a credential's test that passed than that it passed. */
function accessInWords({ user, server, tokenExpires, renewed }: Access): string {
  const life = tokenExpires === null ? 'The token does not say when it ends' : `The token ends at ${tokenExpires}`;
  return `Connected to ${escapeHtml(server)} as ${escapeHtml(user)}. ${life}${renewed ? ' and is renewed by the kubelet' : ''}.`;
}
