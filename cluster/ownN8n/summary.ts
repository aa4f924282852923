import type { Prepared } from './prepare.js';

/** What a person does next, with commands to paste. */
export function summary(prepared: Prepared): string {
  const { credentialsFile, workflowsFile, secretFile, workflows, published, toComplete } = prepared;
  return `
${workflows} workflows are prepared. Where n8n runs, with its settings (copy both files there first if that is elsewhere, with
kubectl cp or docker cp, and name them as they are there):

  n8n import:credentials --input=${quoted(credentialsFile)}
  n8n import:workflow --input=${quoted(workflowsFile)}
  for id in ${published.join(' ')}; do n8n publish:workflow --id=$id; done

Then restart n8n, and remove ${credentialsFile}, its copy, and a token's file: the secrets in them are not encrypted.
An import replaces credentials and workflows of the same id, with what you changed in them.

Falcosidekick sends the secret in ${secretFile} as the header X-Alert-Secret. Remove that file, too, once Falcosidekick has it.

Only you can choose the credentials of these nodes, if you use them:
${toComplete.map(({ workflow, nodes }) => `  ${workflow}: ${nodes.join(', ')}`).join('\n')}
Publish each of these workflows then, and Incident Tools before Incident Chat, which calls it.
Nodes that are disabled, such as Slack's and the pipeline's chat model, need theirs when you enable them.`.trim();
}

/** A word of a shell, whatever is in it. */
function quoted(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
